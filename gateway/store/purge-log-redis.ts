import { LAST_SEQUENCE, type PurgeLog } from './purge-log.ts';
import { PURGE, SINCE, TABLE } from './purge-scripts.ts';
import { type PurgeSubscription, subscribeToPurges } from './purge-subscription.ts';
import type { RedisClient } from './redis-client.ts';
import { StoreError } from './store.ts';
import { publishStoreEvent, type StoreCall } from './store-events.ts';

export interface RedisPurgeLogOptions {
  /** Put before every key, without braces: what stands in braces decides the slot. */
  readonly prefix: string;
  /** Sends what wants no waiting. */
  readonly quick: RedisClient;
  /** Sends purges. */
  readonly slow: RedisClient;
  readonly openSubscriber: () => RedisClient;
  /** Within a deadline, and with its failures as `StoreError`. */
  readonly run: <T>(call: StoreCall, send: () => Promise<T>) => Promise<T>;
  /** How many replicas are to have a purge before it is acknowledged, and how long to wait for them, in milliseconds. */
  readonly waitReplicas: number;
  readonly waitTimeoutMs: number;
}

/** The key that a read asks for besides its own. */
export function toHeadKey(prefix: string): string {
  return `${prefix}{purge}:head`;
}

/** What stands under the head's key: nothing for what is none. */
export function readHead(value: Buffer | undefined | null): number | undefined {
  return value === undefined || value === null ? undefined : readSequence(value);
}

/** A purge log in Redis: four keys in one slot, none with a TTL. */
export function createRedisPurgeLog(options: RedisPurgeLogOptions): PurgeLog & { close(): void } {
  const { prefix, quick, slow, run, waitReplicas, waitTimeoutMs } = options;
  const headKey = toHeadKey(prefix);
  const keys = [headKey, ...['floor', 'table', 'log'].map((name) => `${prefix}{purge}:${name}`)];
  const channel = `${prefix}{purge}`;
  const listeners = new Set<() => void>();
  let subscription: PurgeSubscription | undefined;

  // EVAL with the text, not EVALSHA: it is rare and short, and a server that has restarted knows no script.
  const evaluate = (client: RedisClient, script: string, ...values: (string | number | Buffer)[]) =>
    client.callBuffer('eval', script, keys.length, ...keys, ...values) as Promise<unknown>;

  return {
    purge: (places, synced) =>
      run('purge', async () => {
        const isEverything = places === 'everything';
        const packed = packPlaces(isEverything ? [] : places);
        const values = [synced, packed, isEverything ? 1 : 0, channel];
        if (waitReplicas === 0) return { ...readPurged(await evaluate(slow, PURGE, ...values)), isReplicated: true };
        // In one pipeline, which goes to one node of a cluster: WAIT has no key to go by. A pipeline does not follow a slot
        // that has moved; a read does, and then all know where it is.
        if (slow.isCluster) await slow.getBuffer(headKey);
        const replies = await slow
          .pipeline()
          .callBuffer('eval', PURGE, keys.length, ...keys, ...values)
          .call('wait', waitReplicas, waitTimeoutMs)
          .exec();
        const [[failure, purged] = [], [failureOfWait, replicas] = []] = replies ?? [];
        if (failure !== null) throw failure ?? misread('purge');
        return { ...readPurged(purged), isReplicated: failureOfWait === null && Number(replicas) >= waitReplicas };
      }),
    since: (sequence) =>
      run('since', async () => {
        const [head, floor, ...rest] = readArray(await evaluate(quick, SINCE, sequence));
        if (head === undefined) return 'gap';
        const purges = [];
        for (let at = 0; at < rest.length; at += 2)
          purges.push({ sequence: toSequence(rest[at]), places: unpackPlaces(rest[at + 1]) });
        return { head: toSequence(head), floor: toSequence(floor), purges };
      }),
    table: (synced) =>
      run('table', async () => {
        const [head, floor, table] = readArray(await evaluate(slow, TABLE, synced));
        if (table === undefined) throw misread('table');
        return { head: toSequence(head), floor: toSequence(floor), table };
      }),
    onPurge: (listener) => {
      subscription ??= subscribeToPurges(options.openSubscriber(), channel, listeners);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => subscription?.close(),
  };
}

function readPurged(reply: unknown): { readonly sequence: number; readonly previous: number } {
  const [sequence, previous, untold] = readArray(reply);
  if (untold !== undefined) {
    const error = new StoreError('refused', `Redis: ${untold.toString()}`);
    publishStoreEvent({ kind: 'call', call: 'publish', durationMs: 0, fault: error.fault, error });
  }
  return { sequence: toSequence(sequence), previous: toSequence(previous) };
}

function readArray(reply: unknown): Buffer[] {
  if (Array.isArray(reply) && reply.every((item) => Buffer.isBuffer(item))) return reply;
  throw misread('script');
}

function readSequence(value: Buffer): number | undefined {
  if (value.length > 16) return undefined;
  const text = value.toString('latin1');
  const sequence = Number(text);
  return /^\d+$/.test(text) && sequence >= 1 && sequence <= LAST_SEQUENCE ? sequence : undefined;
}

function toSequence(value: Buffer | undefined): number {
  const sequence = readHead(value);
  if (sequence === undefined) throw misread('sequence');
  return sequence;
}

function misread(what: string): StoreError {
  return new StoreError('refused', `Redis answered something else than a ${what} of ours`);
}

/** As 32-bit little-endian integers. */
function packPlaces(places: readonly number[]): Buffer {
  const packed = Buffer.allocUnsafe(places.length * 4);
  places.forEach((place, index) => {
    packed.writeUInt32LE(place, index * 4);
  });
  return packed;
}

function unpackPlaces(packed: Buffer | undefined): number[] {
  return Array.from({ length: (packed?.length ?? 0) / 4 }, (_, index) => packed?.readUInt32LE(index * 4) ?? 0);
}
