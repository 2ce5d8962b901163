import { hash, randomBytes } from 'node:crypto';

/** A new secret: `tributary:GRAPH:RANDOM`, with `*` for all graphs, and 256 bits of chance. */
export function drawSecret(graphId: string | null): string {
  return `tributary:${graphId ?? '*'}:${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a secret. It has chance enough that no slow hash is needed. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** What tells keys apart for people: the beginning, at most a sixth of the random part. */
export function hintOf(secret: string): string {
  const random = secret.lastIndexOf(':') + 1;
  return `${secret.slice(0, random + Math.min(6, Math.floor((secret.length - random) / 6)))}…`;
}
