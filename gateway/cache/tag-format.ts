import { toTagText } from './tag.ts';

/** A `@cacheTag(format:)`, parsed once: `product-{$key.id}`. */
export interface TagFormat {
  /** As it was written. */
  readonly text: string;
  /** What stands before, between and after the placeholders: one more than there are of these. */
  readonly literals: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/** `{$args.input.id}`, `{$key.org.id}` */
export interface Placeholder {
  /** The arguments of the field that has the format, or the key of the entity. */
  readonly source: 'args' | 'key';
  readonly path: readonly string[];
}

/** A format that means nothing; the message goes on after it: `has a "{" that is never closed`. */
export class TagFormatError extends Error {
  override readonly name = 'TagFormatError';
}

/** No longer tag is given, because no invalidation can name it. In characters. */
export const LONGEST_TAG = 1_000;

const PLACEHOLDER = /^\s*\$(\w+)((?:\.[_A-Za-z]\w*)*)\s*$/;

/** @throws {TagFormatError} */
export function parseTagFormat(text: string): TagFormat {
  if (text === '') throw new TagFormatError('is empty');
  const literals: string[] = [];
  const placeholders: Placeholder[] = [];
  let rest = text;
  for (let start = rest.indexOf('{'); start !== -1; start = rest.indexOf('{')) {
    const end = rest.indexOf('}', start);
    if (end === -1) throw new TagFormatError('has a "{" that is never closed');
    literals.push(readLiteral(rest.slice(0, start)));
    placeholders.push(readPlaceholder(rest.slice(start + 1, end)));
    rest = rest.slice(end + 1);
  }
  literals.push(readLiteral(rest));
  return { text, literals, placeholders };
}

function readLiteral(text: string): string {
  if (text.includes('}')) throw new TagFormatError('has a "}" that closes nothing');
  return text;
}

function readPlaceholder(text: string): Placeholder {
  const [, source, path = ''] = PLACEHOLDER.exec(text) ?? [];
  if ((source !== 'args' && source !== 'key') || path === '') {
    throw new TagFormatError(`has {${text}}, which is neither {$args.NAME} nor {$key.FIELD}`);
  }
  return { source, path: path.slice(1).split('.') };
}

/**
 * Fills a format in.
 *
 * @param read gives the value of the placeholder at a place
 * @returns `undefined` when there is no tag, because a value is missing, null, a list or an object, or the tag gets too long
 */
export function fillTagFormat(
  { literals, placeholders }: TagFormat,
  read: (placeholder: Placeholder, place: number) => unknown,
): string | undefined {
  let tag = literals[0] ?? '';
  for (const [place, placeholder] of placeholders.entries()) {
    const text = toTagText(read(placeholder, place));
    if (text === undefined) return undefined;
    tag += text + (literals[place + 1] ?? '');
  }
  return tag.length > LONGEST_TAG ? undefined : tag;
}
