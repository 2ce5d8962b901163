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
