import type { Identity } from '../../service/identity.ts';
import type { AuthenticationConfig } from '../authentication-config.ts';
import { GatewayError } from '../errors.ts';
import type { Authenticate } from '../guard/authenticate.ts';
import type { LimitConcurrency } from '../guard/concurrency.ts';
import { credentialHeaders } from '../guard/credentials.ts';
import type { ChargeRequest } from '../guard/rate-limit/rate-limiter.ts';
import type { HttpConfig } from '../http-config.ts';
import type { RouteConfig } from '../routes-config.ts';

export interface ProxyGuardOptions {
  readonly authentication: AuthenticationConfig;
  readonly http: Pick<HttpConfig, 'csrfPrevention' | 'cors'>;
  readonly authenticate: Authenticate;
  readonly limitConcurrency: LimitConcurrency;
  /** Charges rate limits; `undefined` when there are none. */
  readonly charge: ChargeRequest | undefined;
}

/** A request for what is behind a route, as far as the guard goes by it. */
export interface Guarded {
  readonly requires: RouteConfig['requires'];
  readonly address: string;
  /** Whether it only reads, and opens no connection that could do more (RFC 9110, 9.2.1). */
  readonly isSafe: boolean;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a request that was let through brings with it. */
export interface Admission {
  /** What the upstream is told of who asks. */
  readonly shown: Readonly<Record<string, string>>;
  /** For the answer: what is left of rate limits. */
  readonly limits: Readonly<Record<string, string>>;
}

/** Does work for a request that is let through, and counts it as under way meanwhile. @throws {GatewayError} for one that is not */
export type AdmitTo = (request: Guarded, work: (admission: Admission) => Promise<void>) => Promise<void>;

/** Makes the guard of routes: that of the graph, with what a route requires in the place of the schema's rules. */
export function createProxyGuard(options: ProxyGuardOptions): AdmitTo {
  const { authenticate, limitConcurrency, charge, http } = options;
  const inHeaders = [...credentialHeaders(options.authentication)].filter((name) => name !== 'cookie');

  return async (request, work) => {
    const { requires, address, headers, isSafe } = request;
    const { identity, headers: shown } = await authenticate(headers);
    require(requires, identity);
    const isByCookie = identity !== undefined && inHeaders.every((name) => headers[name] === undefined);
    if (http.csrfPrevention && isByCookie && !isSafe) checkOrigin(headers, http.cors.origins);
    const client = identity === undefined ? address : `${identity.issuer} ${identity.subject}`;
    await limitConcurrency(client, async () => {
      const charged = await charge?.({ identity, address, headers });
      await work({ shown, limits: charged?.headers ?? {} });
    });
  };
}

/** @throws {GatewayError} `UNAUTHENTICATED`, `FORBIDDEN` */
function require({ authenticated, scopes }: RouteConfig['requires'], identity: Identity | undefined): void {
  if (!authenticated && scopes.length === 0) return;
  if (identity === undefined)
    throw new GatewayError('UNAUTHENTICATED', 'Send a token: this is only for known callers.');
  if (scopes.length === 0 || scopes.some((all) => all.every((scope) => identity.scopes.has(scope)))) return;
  const needed = scopes.map((all) => all.join(' and ')).join(', or ');
  const scope = (scopes[0] ?? []).join(' ').replaceAll(/["\\]/g, '');
  throw new GatewayError('FORBIDDEN', `This needs a token with the scopes ${needed}.`, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
}

/**
 * Refuses what a page of another site had a visitor's browser send with the visitor's cookie. Browsers say in `origin` whose page it was,
 * with all but GET and HEAD and with each WebSocket.
 *
 * @throws {GatewayError} `CSRF_PREVENTED`
 */
function checkOrigin({ origin, host }: Guarded['headers'], allowed: readonly string[]): void {
  if (origin === undefined || allowed.includes(origin) || URL.parse(origin)?.host === host) return;
  throw new GatewayError('CSRF_PREVENTED', 'This was sent by a page of another site, with a cookie of this one.');
}
