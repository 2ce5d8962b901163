import { hash } from 'node:crypto';

/** Longer texts are hashed, too. In characters. */
const LONGEST_TEXT = 500;

/**
 * The key of something that is kept: all that decides it or, when it leaves this process, the SHA-256 of that. No client can move a
 * character from one part into the next.
 *
 * @param kind `response`, `fetch`, `entity`: shows in the store
 * @param isShared whether it leaves this process, for a store that others read
 */
export function toCacheKey(kind: string, parts: readonly string[], isShared: boolean): string {
  const text = joinParts(parts);
  // No hash has a colon in it: it is never taken for a text.
  return !isShared && text.length <= LONGEST_TEXT ? `${kind}:${text}` : `${kind}:${hash('sha256', text, 'base64url')}`;
}

/** Parts one after the other, each with its length: of other parts no text is made that is the same. */
export function joinParts(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}
