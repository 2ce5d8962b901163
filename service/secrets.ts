import { hash, timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that tells nothing of them: by their hashes, because only what is of one length can be compared so. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(one), digest(other));
}
