import { discoverJwksUrl } from '../../service/discovery.ts';
import type { Identity } from '../../service/identity.ts';
import { createIssuerKeys, type IssuerKeys } from '../../service/issuer-keys.ts';
import type { Running } from '../../service/run.ts';
import { createTokenVerifier, readIssuer, TokenError, type VerifyToken } from '../../service/tokens.ts';
import type { AuthenticationConfig, IssuerConfig } from '../authentication-config.ts';
import { publishAuthentication } from './authentication-events.ts';
import { type Place, placesOf } from './credentials.ts';

/** Those who issue the tokens that are accepted. */
export interface TrustedIssuers extends Running {
  /** Checks a token by its issuer's keys and rules. @throws {TokenError} */
  verify(token: string): Promise<VerifiedToken>;
  /** How often keys of an issuer were withdrawn. Has them looked at, in the background, when it is time to. */
  withdrawals(issuer: string): number;
  /** Whether tokens of an issuer may come in at a place. */
  accepts(issuer: string, place: Place): boolean;
}

export interface VerifiedToken {
  readonly identity: Identity;
  /** How long it may be taken for verified, in epoch milliseconds. */
  readonly until: number;
  /** As they were before its key was found. */
  readonly withdrawals: number;
}

interface Issuer {
  readonly keys: IssuerKeys;
  readonly verify: VerifyToken;
  readonly toleranceMs: number;
  readonly places: readonly Place[];
}

/**
 * Opens them, and has their keys fetched: who comes first need not wait, and what is wrong is in the log.
 *
 * @param now milliseconds of a clock that only goes forward, for the age of the keys
 */
export function openTrustedIssuers(
  issuers: AuthenticationConfig['issuers'],
  now: () => number = () => performance.now(),
): TrustedIssuers {
  const byName = new Map(
    Object.entries(issuers).map(([name, issuer]) => [issuer.issuer, openIssuer(name, issuer, now)]),
  );
  for (const { keys } of byName.values()) keys.refreshIfOld();

  return {
    verify: async (token) => {
      const issuer = byName.get(readIssuer(token));
      if (issuer === undefined) throw new TokenError('issuer');
      const withdrawals = issuer.keys.withdrawals();
      const identity = await issuer.verify(token);
      return { identity, until: (identity.expiresAt ?? 0) * 1_000 + issuer.toleranceMs, withdrawals };
    },
    withdrawals: (name) => {
      const { keys } = byName.get(name) ?? {};
      keys?.refreshIfOld();
      return keys?.withdrawals() ?? 0;
    },
    accepts: (issuer, { kind, name }) =>
      byName.get(issuer)?.places.some((place) => place.kind === kind && place.name === name) === true,
    close: async () => {
      for (const { keys } of byName.values()) await keys.close();
    },
  };
}

function openIssuer(name: string, options: IssuerConfig, now: () => number): Issuer {
  const { issuer, audiences, jwksUrl, clockToleranceS } = options;
  const source = jwksUrl === undefined ? (signal: AbortSignal) => discoverJwksUrl(issuer, signal) : new URL(jwksUrl);
  const onFetched = (failure: Error | undefined) => publishAuthentication({ kind: 'keys', issuer: name, failure });
  const keys = createIssuerKeys(source, { now, onFetched });
  const verify = createTokenVerifier({ ...options, audience: audiences, keys: keys.find });
  return { keys, verify, toleranceMs: clockToleranceS * 1_000, places: placesOf(options) };
}
