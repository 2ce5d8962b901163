import { hash } from 'node:crypto';
import type { Identity } from '../../service/identity.ts';
import type { AuthenticationConfig } from '../authentication-config.ts';
import { GatewayError } from '../errors.ts';
import { type Store, StoreError } from '../store/store.ts';
import type { Revocation } from './revocation.ts';

/** What was revoked before its time, as the store that gateways share has it. */
export interface Revocations {
  /**
   * Whether an identity was revoked: at once, when the store was asked lately.
   *
   * @throws {GatewayError} `IDENTITY_PROVIDER_UNAVAILABLE`, when the store is away and that closes the door
   */
  isRevoked(identity: Identity): boolean | Promise<boolean>;
  /** Resolves when the store has them. @throws {StoreError} when it may not have all of them */
  add(revocations: readonly Revocation[]): Promise<void>;
}

export interface RevocationsOptions
  extends Pick<AuthenticationConfig['revocation'], 'checkEveryMs' | 'onStoreFailure' | 'retentionMs'> {
  readonly store: Pick<Store, 'read' | 'write'>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** What the store said of an identity. */
interface Verdict {
  readonly isRevoked: boolean;
  /** When it was asked, in epoch milliseconds. */
  readonly at: number;
  /** How many had been added here by then. */
  readonly added: number;
}

/** What is stored of a token, where there is nothing to say but that it is revoked. */
const WHOLE = 1;

/**
 * Opens the list of what was revoked. Of a token two things are looked up, in one read: its `jti`, and before when tokens of its
 * subject are void. What the store says is believed for a while, so that a client that asks all the time costs one read in that time;
 * what is added here holds here at once.
 */
export function openRevocations(options: RevocationsOptions): Revocations {
  const { store, checkEveryMs, onStoreFailure, retentionMs, now = Date.now } = options;
  // By identity: a token that is remembered has the same one each time.
  const verdicts = new WeakMap<Identity, Verdict>();
  let added = 0;

  async function ask(identity: Identity): Promise<boolean> {
    const before = { at: now(), added };
    try {
      const { values } = await store.read(keysOf(identity));
      const verdict = { ...before, isRevoked: judge(identity, values) };
      verdicts.set(identity, verdict);
      return verdict.isRevoked;
    } catch (cause) {
      if (!(cause instanceof StoreError)) throw cause;
      const last = verdicts.get(identity)?.isRevoked ?? false;
      if (last) return true;
      if (onStoreFailure === 'closed') throw unavailable(cause);
      // Not asked again at once: each request would wait until the store's time is up.
      verdicts.set(identity, { ...before, isRevoked: false });
      return false;
    }
  }

  return {
    isRevoked: (identity) => {
      const verdict = verdicts.get(identity);
      if (verdict !== undefined && verdict.added === added && now() - verdict.at < checkEveryMs)
        return verdict.isRevoked;
      return ask(identity);
    },
    add: async (revocations) => {
      const latest = new Map<string, number>();
      for (const revocation of revocations) {
        const key = keyOf(revocation);
        latest.set(key, Math.max(latest.get(key) ?? 0, 'jti' in revocation ? WHOLE : revocation.issuedBefore));
      }
      const { values } = await store.read([...latest.keys()]);
      // What was said before of the same subject is not taken back.
      const writes = [...latest].map(([key, value], index) => ({
        key,
        value: Buffer.from(String(Math.max(value, toNumber(values[index]) ?? 0))),
        ttlMs: retentionMs,
      }));
      await store.write(writes).finally(() => added++);
    },
  };
}

function unavailable(cause: StoreError): GatewayError {
  return new GatewayError('IDENTITY_PROVIDER_UNAVAILABLE', 'It cannot be told now whether the token was revoked.', {
    cause,
    extensions: { reason: 'revocations unavailable' },
  });
}

/** A token that does not say when it was issued is taken to be older than whatever is said. */
function judge({ claims }: Identity, [ofToken, ofSubject]: readonly (Buffer | undefined)[]): boolean {
  if (ofToken !== undefined) return true;
  const issuedBefore = toNumber(ofSubject);
  return issuedBefore !== undefined && !(Number(claims.iat) >= issuedBefore);
}

function toNumber(stored: Buffer | undefined): number | undefined {
  return stored === undefined ? undefined : Number(stored.toString('latin1'));
}

function keysOf({ issuer, subject, claims }: Identity): readonly string[] {
  return [toKey('jti', issuer, String(claims.jti ?? '')), toKey('sub', issuer, subject)];
}

function keyOf(revocation: Revocation): string {
  const { issuer } = revocation;
  return 'jti' in revocation ? toKey('jti', issuer, revocation.jti) : toKey('sub', issuer, revocation.subject);
}

function toKey(kind: 'jti' | 'sub', issuer: string, name: string): string {
  return `revoked:${hash('sha256', JSON.stringify([kind, issuer, name]), 'base64url')}`;
}
