import type { AuthenticationConfig, IssuerConfig } from '../authentication-config.ts';
import { GatewayError } from '../errors.ts';

/** Where a token comes in: `authorization`, another header, or a cookie. */
export interface Place {
  readonly kind: 'header' | 'cookie';
  readonly name: string;
}

/** What a caller shows. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string; readonly place: Place }
  | { readonly kind: 'api key'; readonly key: string };

type Headers = Readonly<Record<string, string | undefined>>;

/** Where tokens of an issuer may come in. */
export function placesOf({ header, cookie }: Pick<IssuerConfig, 'header' | 'cookie'>): readonly Place[] {
  const inHeader = header ?? (cookie === undefined ? 'authorization' : undefined);
  return [
    ...(inHeader === undefined ? [] : [{ kind: 'header', name: inHeader } as const]),
    ...(cookie === undefined ? [] : [{ kind: 'cookie', name: cookie } as const]),
  ];
}

/** The names of all headers in which a credential may come: answers may depend on them. */
export function credentialHeaders({ issuers, apiKeys, apiKeyHeader }: AuthenticationConfig): ReadonlySet<string> {
  const places = Object.values(issuers).flatMap(placesOf);
  // Without an issuer, tokens are the subgraphs' to read.
  const names =
    places.length === 0 ? ['authorization'] : places.map(({ kind, name }) => (kind === 'header' ? name : kind));
  return new Set([...names, ...(Object.keys(apiKeys).length > 0 ? [apiKeyHeader] : [])]);
}

/**
 * Makes the function that finds what a caller shows. A token in a header goes before one in a cookie, which browsers send unasked.
 *
 * @throws {GatewayError} from that function: a token and an API key are two answers to one question
 */
export function createFindCredential({ issuers, apiKeys, apiKeyHeader }: AuthenticationConfig) {
  const all = Object.values(issuers).flatMap(placesOf);
  const inHeaders = [...new Set(all.filter(({ kind }) => kind === 'header').map(({ name }) => name))];
  const inCookies = [...new Set(all.filter(({ kind }) => kind === 'cookie').map(({ name }) => name))];
  const hasApiKeys = Object.keys(apiKeys).length > 0;

  function findToken(headers: Headers): Credential | undefined {
    for (const name of inHeaders) {
      const value = headers[name];
      if (value === undefined) continue;
      return { kind: 'token', token: toToken(name, value), place: { kind: 'header', name } };
    }
    if (headers.cookie === undefined) return undefined;
    for (const name of inCookies) {
      const token = findCookie(headers.cookie, name);
      if (token !== undefined) return { kind: 'token', token, place: { kind: 'cookie', name } };
    }
    return undefined;
  }

  return (headers: Headers): Credential | undefined => {
    const token = findToken(headers);
    const key = hasApiKeys ? headers[apiKeyHeader] : undefined;
    if (key === undefined) return token;
    // Also a token that is not read here: it would say to subgraphs that somebody else asks.
    if (token !== undefined || headers.authorization !== undefined)
      throw new GatewayError('BAD_REQUEST', `Send a token or an API key (${apiKeyHeader}), not both.`);
    return { kind: 'api key', key };
  };
}

/** @throws {GatewayError} for another scheme in `authorization` (RFC 6750, 2.1), and for nothing */
function toToken(name: string, value: string): string {
  // As clients send it, and without an expression that goes over all of it: a token that is not one is found out by who reads it.
  if (value.startsWith('Bearer ') && value.length > 7 && !value.includes(' ', 7) && !value.includes(',', 7))
    return value.slice(7);
  const [, token] = /^(?:Bearer +)?([^\s,]+) *$/i.exec(value) ?? [];
  if (token !== undefined && (name !== 'authorization' || /^Bearer /i.test(value))) return token;
  const isBearer = /^Bearer\b/i.test(value);
  throw new GatewayError('UNAUTHENTICATED', `The header ${name} must be "Bearer TOKEN".`, {
    extensions: { reason: isBearer ? 'malformed' : 'scheme' },
  });
}

/** The first of that name (RFC 6265, 5.4: the one with the longest path). An empty one is what is left of a session that ended. */
function findCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at === -1 || pair.slice(0, at).trim() !== name) continue;
    return (
      pair
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1') || undefined
    );
  }
  return undefined;
}
