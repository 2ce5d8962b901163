import { hash } from 'node:crypto';
import { findClaim, type Identity } from '../../service/identity.ts';
import { TRACING } from '../upstream/sharing-key.ts';

/** Who asks, as far as what is kept depends on it. */
export interface Requester {
  /** All headers that go to subgraphs and can change an answer, but for credentials: part of every key. */
  readonly headers: string;
  /** Whether any of them is a credential: an answer is then for this requester, unless it says otherwise (RFC 9111, 3.5). */
  readonly hasCredentials: boolean;
  /** Of whom private answers are kept for; `undefined` for who cannot be told from others: nothing private is kept. */
  readonly owner: string | undefined;
}

export interface RequesterOptions {
  /** Names of headers that say who asks, besides `authorization` and `cookie`. */
  readonly credentials: readonly string[];
  /** Names of headers that change no answer. Those that trace a request never do. */
  readonly irrelevant: readonly string[];
  /** Claims of a token that an identity consists of besides its issuer and subject. */
  readonly claims: readonly string[];
}

/** The names of the headers that say who asks. @param more besides those that always do */
export function toCredentials(more: readonly string[]): ReadonlySet<string> {
  return new Set(['authorization', 'cookie', ...more.map((name) => name.toLowerCase())]);
}

/** Makes the function that tells who asks from the headers that go to subgraphs and a verified identity. */
export function createRequesters(options: RequesterOptions) {
  const credentials = toCredentials(options.credentials);
  const irrelevant = new Set([...TRACING, ...options.irrelevant.map((name) => name.toLowerCase())]);

  return (headers: Readonly<Record<string, string>>, identity: Identity | undefined): Requester => {
    const plain: string[] = [];
    // Of a token, what it says counts, not its text: that changes with every refresh.
    const others: string[] = [];
    let hasCredentials = false;
    for (const name of Object.keys(headers).sort()) {
      if (!credentials.has(name)) {
        if (!irrelevant.has(name)) plain.push(name, headers[name] ?? '');
      } else {
        hasCredentials = true;
        if (name !== 'authorization' || identity?.kind !== 'token') others.push(name, headers[name] ?? '');
      }
    }
    const owner =
      identity === undefined
        ? undefined
        : hash('sha256', JSON.stringify([...identityOf(identity, options.claims), ...others]), 'base64url');
    return { headers: plain.length === 0 ? '' : JSON.stringify(plain), hasCredentials, owner };
  };
}

function identityOf({ issuer, subject, claims }: Identity, names: readonly string[]): readonly string[] {
  return [issuer, subject, ...names.map((name) => JSON.stringify(findClaim(claims, name)) ?? '')];
}
