import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

const OLD_MS = 10 * 60_000;
const COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 5_000;

/**
 * The public keys that an issuer publishes at an address (a JWK set, RFC 7517), fetched at first need.
 *
 * The last set that was fetched stays in use for as long as the issuer is away: jose by itself forgets it after ten
 * minutes, and then an issuer's outage is one for everyone who is logged in. A set of ten minutes is refreshed while it is
 * in use; a key that is not in it is looked for at once, at most every 5 s.
 *
 * @param now in milliseconds, for the age of the keys
 */
export function createIssuerKeys(url: URL, now: () => number = Date.now): JWTVerifyGetKey {
  const published = createRemoteJWKSet(url, {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    timeoutDuration: TIMEOUT_MS,
  });
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let refreshed: Promise<void> = Promise.resolve();

  function refresh(): Promise<void> {
    triedAt = now();
    refreshed = published.reload().then(() => {
      fetchedAt = now();
    });
    // Whoever waits for it hears of a failure; in the background there is no one, and the next try comes by itself.
    refreshed.catch(() => undefined);
    return refreshed;
  }

  return async (header, token) => {
    const mayTry = now() - triedAt >= COOLDOWN_MS;
    if (fetchedAt === Number.NEGATIVE_INFINITY) await refresh();
    else if (mayTry && now() - fetchedAt >= OLD_MS) void refresh();
    try {
      return await published(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await (now() - triedAt >= COOLDOWN_MS ? refresh() : refreshed);
      return published(header, token);
    }
  };
}
