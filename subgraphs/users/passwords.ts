import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { codedError } from '../errors.ts';

/**
 * Password hashes by scrypt (RFC 7914), a memory-hard function. A hash carries its salt and parameters in the PHC string format,
 * `$scrypt$ln=17,r=8,p=1$SALT$HASH`, so that these can be raised later.
 */
export interface Passwords {
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether a password is the one that was hashed. Takes as long without a hash, and is false then: how long an answer
   * takes must not tell who has an account.
   */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean>;
}

/** What a hash costs: 128 · N · r bytes of memory. */
export interface ScryptCost {
  /** The logarithm of the cost N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** What OWASP's Password Storage Cheat Sheet asks for: 128 MB and some 0.3 s for each hash. */
const COST: ScryptCost = { ln: 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** 128 MB each; more at the same time would let a burst of logins exhaust the memory. */
const CONCURRENT = 2;
/** Whoever comes after so many would wait for half a minute: better told to come back. */
const MOST_WAITING = 100;

/** Derives a key from a password, a salt, the key's length in bytes and the cost. */
export type DeriveKey = (password: string, salt: Buffer, keyBytes: number, options: ScryptOptions) => Promise<Buffer>;

/** Node's scrypt. */
export const deriveKey: DeriveKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * Makes the functions, which share one short queue. They throw a coded SERVICE_UNAVAILABLE when it is full.
 *
 * @param cost of new hashes; those that are stored keep theirs
 */
export function createPasswords(cost: ScryptCost = COST, derive: DeriveKey = deriveKey): Passwords {
  /** Normalised, because keyboards differ in how they compose an é (NIST SP 800-63B §5.1.1.2). */
  const run = (password: string, salt: Buffer, { ln, r, p }: ScryptCost, bytes: number) => {
    const options = { N: 2 ** ln, r, p, maxmem: 128 * 2 ** ln * r + 1_048_576 * (r + p) };
    return derive(password.normalize('NFKC'), salt, bytes, options);
  };
  const inTurn = createQueue();
  const decoy: StoredHash = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return toPhc({ cost, salt, key: await run(password, salt, cost, KEY_BYTES) });
      }),
    verify: (password, hash) =>
      inTurn(async () => {
        const stored = hash === undefined ? decoy : readPhc(hash);
        const key = await run(password, stored.salt, stored.cost, stored.key.length);
        return timingSafeEqual(key, stored.key) && stored !== decoy;
      }),
  };
}

interface StoredHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

function toPhc({ cost: { ln, r, p }, salt, key }: StoredHash): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
}

function readPhc(text: string): StoredHash {
  const parts = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  if (parts === null) throw new TypeError('a stored password hash is not in the PHC string format of scrypt');
  const [, ln, r, p, salt = '', key = ''] = parts;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** Runs tasks in the order they come, `CONCURRENT` at a time. */
function createQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = CONCURRENT;
  return async (task) => {
    if (free > 0) free--;
    else if (waiting.length < MOST_WAITING) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw codedError('SERVICE_UNAVAILABLE', 'Too many people are logging in; try again in a moment.');
    try {
      return await task();
    } finally {
      // The place goes straight to the next one, so that nobody who comes now can take it first.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
