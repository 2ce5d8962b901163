import { parseDocument } from 'yaml';

/** What a text in YAML says, or why it is none. */
export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/** Throws never. */
export function readYaml(text: string): ReadYaml {
  try {
    const document = parseDocument(text);
    if (document.errors[0] !== undefined) throw document.errors[0];
    return { value: document.toJS() };
  } catch (error) {
    const [line = ''] = error instanceof Error ? error.message.split('\n') : [];
    return { problem: line };
  }
}
