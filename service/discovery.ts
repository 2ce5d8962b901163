import { fetchJson } from './fetch-json.ts';

/**
 * Finds where an issuer publishes its keys (OpenID Connect Discovery 1.0, 4).
 *
 * @throws {Error} when its configuration cannot be had, is another issuer's, or names no place that is as safe as the issuer's
 */
export async function discoverJwksUrl(issuer: string, signal: AbortSignal): Promise<URL> {
  const found = await fetchJson(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`), signal);
  const { issuer: named, jwks_uri: place } = (found ?? {}) as Readonly<Record<string, unknown>>;
  if (named !== issuer)
    throw new Error(
      `the OpenID configuration of ${issuer} is of another issuer: it says ${JSON.stringify(named)}, to the letter`,
    );
  const url = typeof place === 'string' ? URL.parse(place) : null;
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && issuer.startsWith('http:')))
    throw new Error(`the OpenID configuration of ${issuer} names no jwks_uri that may be used`);
  return url;
}
