import { findClaim, type Identity } from '../../service/identity.ts';
import type { AuthenticationConfig } from '../authentication-config.ts';

type Headers = Readonly<Record<string, string>>;

/** What subgraphs are shown of who asks, as headers. */
export type ShowIdentity = (identity: Identity, token: string | undefined) => Headers;

/**
 * Makes the function that shows a verified identity to subgraphs: its token, and the claims that are chosen. An API key is never shown.
 *
 * @param options `claims`: header → claim. A claim that is not there makes no header.
 */
export function createShowIdentity({ token: isTokenShown, claims }: AuthenticationConfig['forward']): ShowIdentity {
  const chosen = Object.entries(claims).map(([header, claim]) => ({ header: header.toLowerCase(), claim }));
  // Tokens that are remembered come with the same identity each time.
  const known = new WeakMap<Identity, Headers>();

  function showClaims(identity: Identity): Headers {
    let headers = known.get(identity);
    if (headers === undefined) {
      const values = chosen.map(({ header, claim }) => [header, toHeader(findClaim(identity.claims, claim))] as const);
      headers = Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
      known.set(identity, headers);
    }
    return headers;
  }

  return (identity, token) => {
    const headers = showClaims(identity);
    return isTokenShown && token !== undefined ? { ...headers, authorization: `Bearer ${token}` } : headers;
  };
}

/** Text as it is, lists with commas, all else as JSON. */
function toHeader(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined;
  if (Array.isArray(claim)) return claim.map((item) => encode(toText(item)).replaceAll(',', '%2C')).join(',');
  return encode(toText(claim));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * What a header cannot hold, spaces at the ends (which are no part of its value: RFC 9110, 5.5), and the percent sign itself are
 * percent-encoded as UTF-8: no claim can look like another one, and `decodeURIComponent` gives any back.
 */
function encode(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]|%|^ +| +$/gu, encodeURIComponent);
}
