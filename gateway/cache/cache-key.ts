import { hash } from 'node:crypto';

/**
 * The key of something that is kept: SHA-256 of all that decides it. The parts are told apart by their lengths, so that no client
 * can move a character from one into the next.
 *
 * @param kind `response`, `fetch`, `entity`: shows in the store
 */
export function toCacheKey(kind: string, parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return `${kind}:${hash('sha256', text, 'base64url')}`;
}

/** Longer texts are no keys. In characters. */
const LONGEST_TEXT = 200;

/**
 * The key of an entity: one is made for each that is asked for. Only what leaves this process needs a hash.
 *
 * @param base that of the fetch
 * @param isShared whether entries go to a store that others read
 */
export function toEntityKey(base: string, representation: string, isShared: boolean): string {
  return isShared || representation.length > LONGEST_TEXT
    ? toCacheKey('entity', [base, representation])
    : `${base} ${representation}`;
}
