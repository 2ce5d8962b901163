import { and, eq, gt, lte, ne, or, sql } from 'drizzle-orm';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import type { Database } from '../../service/database.ts';
import { KeysUnavailableError } from '../../service/issuer-keys.ts';
import { signingKey } from './tables.ts';

/**
 * The keys that access tokens are signed with. Always two at least are published: the current one, which signs, and the
 * next one, so that everybody knows it long before it signs. A rotation makes the next one current, makes a new next one,
 * and keeps the old one published until the last token it signed has expired.
 */
export interface SigningKeys {
  /** The key that signs now. Rotates first when it is time. */
  readonly current: () => Promise<SigningKey>;
  /** A JWK set (RFC 7517 §5) of public keys. */
  readonly published: () => Promise<{ readonly keys: readonly JWK[] }>;
  /** Finds the key of a token, for `createTokenVerifier`. */
  readonly find: JWTVerifyGetKey;
}

export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface SigningKeysOptions {
  readonly database: Database;
  readonly rotateAfterDays: number;
  /** How long a token is valid, in seconds. */
  readonly tokenTtlS: number;
  readonly now: () => Date;
}

const ALGORITHM = 'ES256';
/** How long the keys are remembered: another replica may have rotated them meanwhile. In milliseconds. */
const REMEMBER_MS = 60_000;
/** An unknown `kid` may be news from another replica, or a forgery: looked up again, but no more often. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;
/** A replica may sign with the old key for as long as it remembers it; the rest is for clocks that differ. In milliseconds. */
const GRACE_MS = REMEMBER_MS + 120_000;
const DAY_MS = 86_400_000;

interface Ring {
  readonly readAt: number;
  readonly current: SigningKey;
  readonly published: readonly JWK[];
  readonly find: JWTVerifyGetKey;
}

type Row = typeof signingKey.$inferSelect;

/** Opens the keys. Creates them at first use; several replicas that start at the same time end up with the same ones. */
export function createSigningKeys({ database, rotateAfterDays, tokenTtlS, now }: SigningKeysOptions): SigningKeys {
  let remembered: Promise<Ring> | undefined;

  function isDue(rows: readonly Row[]): boolean {
    const current = rows.find(({ state }) => state === 'current');
    const hasNext = rows.some(({ state }) => state === 'next');
    const since = current?.currentSince?.getTime() ?? 0;
    return !hasNext || now().getTime() - since >= rotateAfterDays * DAY_MS;
  }

  async function read(): Promise<Ring> {
    const usable = or(ne(signingKey.state, 'retired'), gt(signingKey.publishedUntil, now()));
    const select = () => database.query.select().from(signingKey).where(usable);
    let rows = await select();
    if (isDue(rows)) {
      await rotate();
      rows = await select();
    }
    return toRing(rows, now().getTime());
  }

  async function rotate(): Promise<void> {
    const fresh = [await createKey(), await createKey()] as const;
    await database.query.transaction(async (transaction) => {
      // The lock ends with the transaction: whoever waited for it finds the work done.
      await transaction.execute(sql`select pg_advisory_xact_lock(hashtext('users.signing_key'))`);
      const rows = await transaction.select().from(signingKey);
      if (!isDue(rows)) return;
      const publishedUntil = new Date(now().getTime() + tokenTtlS * 1_000 + GRACE_MS);
      await transaction
        .update(signingKey)
        .set({ state: 'retired', publishedUntil })
        .where(eq(signingKey.state, 'current'));
      const [promoted] = await transaction
        .update(signingKey)
        .set({ state: 'current', currentSince: now() })
        .where(eq(signingKey.state, 'next'))
        .returning();
      if (promoted === undefined) {
        await transaction.insert(signingKey).values({ ...fresh[0], state: 'current', currentSince: now() });
      }
      await transaction.insert(signingKey).values({ ...fresh[1], state: 'next' });
      await transaction
        .delete(signingKey)
        .where(and(eq(signingKey.state, 'retired'), lte(signingKey.publishedUntil, now())));
    });
  }

  async function ring(maximumAgeMs: number): Promise<Ring> {
    const known = await remembered;
    const age = known === undefined ? Number.POSITIVE_INFINITY : now().getTime() - known.readAt;
    if (known !== undefined && age < maximumAgeMs) return known;
    const reading = read();
    remembered = reading;
    // A failure is not remembered; whoever asked hears of it.
    reading.catch(() => {
      if (remembered === reading) remembered = undefined;
    });
    return reading;
  }

  /** For who has a token to check: the fault is not the token's when the database is away. */
  function ringFor(maximumAgeMs: number): Promise<Ring> {
    return ring(maximumAgeMs).catch((cause: unknown) => {
      throw new KeysUnavailableError('the signing keys cannot be read', { cause });
    });
  }

  return {
    current: async () => (await ring(REMEMBER_MS)).current,
    published: async () => ({ keys: (await ring(REMEMBER_MS)).published }),
    async find(header, token) {
      try {
        return await (await ringFor(REMEMBER_MS)).find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return (await ringFor(LOOK_AGAIN_MS)).find(header, token);
      }
    },
  };
}

async function createKey(): Promise<Pick<Row, 'kid' | 'privateKey'>> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(jwk), privateKey: jwk };
}

async function toRing(rows: readonly Row[], readAt: number): Promise<Ring> {
  const current = rows.find(({ state }) => state === 'current');
  if (current === undefined) throw new Error('There is no current signing key.');
  const published = rows.map(
    ({ kid, privateKey: { kty, crv, x, y } }) => ({ kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' }) as JWK,
  );
  return {
    readAt,
    current: { kid: current.kid, key: (await importJWK(current.privateKey, ALGORITHM)) as CryptoKey },
    published,
    find: createLocalJWKSet({ keys: published }),
  };
}
