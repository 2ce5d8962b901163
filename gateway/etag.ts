import { hash } from 'node:crypto';

/** What tells one body from another, as an entity tag has it without its quotes (RFC 9110, 8.8.3). */
export function digestOf(body: Buffer | string): string {
  return hash('sha256', body, 'base64url').slice(0, 27);
}

/** Whether a client has it already, by its `if-none-match` (RFC 9110, 13.1.2). @param etag with its quotes */
export function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
