import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { fetchJson } from './fetch-json.ts';
import type { Running } from './run.ts';

/** When a set that is in use is fetched again, in milliseconds. */
const OLD_MS = 10 * 60_000;
/** How long there is no other fetch after one, whoever asks for it, in milliseconds. */
const COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** With a shorter one, signatures by RSA are not safe (RFC 7518, 3.3). */
const LEAST_RSA_BYTES = 256;

/** The public keys that an issuer publishes (a JWK set, RFC 7517). */
export interface IssuerKeys extends Running {
  /**
   * Finds the key that a token is signed with, by its `kid`. A key that is not there is looked for at the issuer, who may have
   * begun to use it just now.
   *
   * @throws {KeysUnavailableError} when the issuer cannot be asked and it was not published before, and those of jose
   */
  readonly find: JWTVerifyGetKey;
  /** Fetches them in the background when it is time to. Without any use nothing is fetched. */
  refreshIfOld(): void;
  /** Raised when a key was withdrawn: a token that was verified before may be one of its. */
  readonly withdrawals: () => number;
}

export interface IssuerKeysOptions {
  /** Milliseconds of a clock that only goes forward, for the age of the keys: one that is set back must not keep new keys away. */
  readonly now?: () => number;
  /** Told of each fetch: of the failure, if it failed. */
  readonly onFetched?: (failure: Error | undefined) => void;
}

export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

interface Published {
  readonly find: JWTVerifyGetKey;
  readonly keys: ReadonlySet<string>;
}

/**
 * Keeps the keys of an issuer.
 *
 * The last set that was fetched stays in use for as long as the issuer is away: otherwise its outage would be one for everyone who
 * is logged in. A set of ten minutes is refreshed while it is in use, and nobody waits for that. However many tokens come with
 * a `kid` that nobody published, there is one fetch at a time, and 5 s between two.
 *
 * @param source the address of the set, or what finds it, each time anew
 */
export function createIssuerKeys(
  source: URL | ((signal: AbortSignal) => Promise<URL>),
  { now = () => performance.now(), onFetched = () => {} }: IssuerKeysOptions = {},
): IssuerKeys {
  const closing = new AbortController();
  let published: Published | undefined;
  let withdrawals = 0;
  let fetching: Promise<void> | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  /** When the last fetch ended, and how. */
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: Error | undefined;

  async function fetchKeys(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const url = source instanceof URL ? source : await source(signal);
      const next = toPublished(await fetchJson(url, signal), url);
      if (published !== undefined && !published.keys.isSubsetOf(next.keys)) withdrawals++;
      if (published?.keys.symmetricDifference(next.keys).size !== 0) published = next;
      fetchedAt = now();
      failure = undefined;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    triedAt = now();
    fetching = undefined;
    if (!closing.signal.aborted) onFetched(failure);
  }

  /** Waits for the fetch that is under way, or for a new one, unless the last was a moment ago. */
  async function look(): Promise<void> {
    if (now() - triedAt >= COOLDOWN_MS) fetching ??= fetchKeys();
    await fetching;
  }

  function refreshIfOld(): void {
    if (now() - fetchedAt >= OLD_MS) void look();
  }

  return {
    find: async (header, token) => {
      if (published === undefined) await look();
      else refreshIfOld();
      if (published === undefined) throw unavailable(failure);
      try {
        return await findIn(published, header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      await look();
      if (failure !== undefined) throw unavailable(failure);
      return findIn(published, header, token);
    },
    refreshIfOld,
    withdrawals: () => withdrawals,
    close: async () => closing.abort(),
  };
}

function unavailable(cause: unknown): KeysUnavailableError {
  return new KeysUnavailableError('the keys of the issuer cannot be had', { cause });
}

async function findIn({ find }: Published, ...[header, token]: Parameters<JWTVerifyGetKey>) {
  try {
    return await find(header, token);
  } catch (error) {
    if (OF_TOKEN.some((kind) => error instanceof kind)) throw error;
    // A key as it is published cannot be used.
    throw unavailable(error);
  }
}

const OF_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** @throws {Error} for what is no JWK set */
function toPublished(document: unknown, { href }: URL): Published {
  const { keys } = (document ?? {}) as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys)) throw new Error(`${href} is no JWK set: it has no "keys"`);
  const strong = keys.filter(
    (key) => key?.kty !== 'RSA' || Buffer.from(String(key.n), 'base64url').length >= LEAST_RSA_BYTES,
  );
  return { find: createLocalJWKSet({ keys: strong }), keys: new Set(strong.map((key) => JSON.stringify(key))) };
}
