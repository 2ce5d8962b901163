import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Identity } from '../../service/identity.ts';
import { publishAuthentication } from './authentication-events.ts';
import type { TrustedIssuers, VerifiedToken } from './trusted-issuers.ts';

export interface RememberedTokensOptions {
  /** Most memory, in bytes, as estimated; 0 to remember none. */
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Gives the identity of a token: at once when it is remembered. @throws {TokenError} */
export type Identify = (token: string) => Identity | Promise<Identity>;

/** Beside what a token says, which takes up to twice its length: measured, 1.3 kB for one of 460 characters and 4 kB for one of 2,500. */
const ENTRY_BYTES = 1_000;

/**
 * Remembers the tokens that were verified, until they expire or a key of their issuer is withdrawn: the signature of a token seen before is not
 * checked again. Those in hand are checked once for all who bring them. What is refused is not remembered.
 *
 * It knows a token by its SHA-256, so its memory gives none away. On the way of every request: what is remembered is given in the same
 * turn.
 */
export function rememberTokens(
  { verify, withdrawals }: Pick<TrustedIssuers, 'verify' | 'withdrawals'>,
  { maxBytes, now = Date.now }: RememberedTokensOptions,
): Identify {
  const remembered = maxBytes === 0 ? undefined : new LRUCache<string, VerifiedToken>({ maxSize: maxBytes });
  const verifying = new Map<string, Promise<Identity>>();

  function find(key: string): Identity | undefined {
    const found = remembered?.get(key);
    if (found === undefined) return undefined;
    if (found.until > now() && found.withdrawals === withdrawals(found.identity.issuer)) return found.identity;
    remembered?.delete(key);
    return undefined;
  }

  async function verifyOnce(key: string, token: string): Promise<Identity> {
    try {
      const verified = await verify(token);
      publishAuthentication({ kind: 'verified' });
      remembered?.set(key, verified, { size: ENTRY_BYTES + 2 * token.length });
      return verified.identity;
    } finally {
      verifying.delete(key);
    }
  }

  return (token) => {
    const key = hash('sha256', token, 'base64url');
    const known = find(key);
    if (known !== undefined) {
      publishAuthentication({ kind: 'remembered' });
      return known;
    }
    const begun = verifying.get(key);
    if (begun !== undefined) {
      publishAuthentication({ kind: 'joined' });
      return begun;
    }
    const verification = verifyOnce(key, token);
    verifying.set(key, verification);
    return verification;
  };
}
