import { parse, print } from 'graphql';

/**
 * A query text without what changes nothing: how it is laid out, its comments, and the order of its operations and fragments, which
 * clients put together in one order or another. The order of fields and arguments, their aliases and the values in it stay: a
 * text that differs in them is another.
 *
 * @param maxTokens more is not read
 * @returns `undefined` for what cannot be read
 */
export function normalizeText(text: string, maxTokens?: number): string | undefined {
  try {
    const { definitions } = parse(text, { noLocation: true, ...(maxTokens === undefined ? {} : { maxTokens }) });
    return definitions.map(print).sort().join('\n');
  } catch {
    // Not GraphQL, too long, or nested deeper than the stack.
    return undefined;
  }
}
