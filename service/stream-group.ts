import { z } from 'zod';
import type { StreamEntry } from './stream-entry.ts';

/** Redis did not get a command, or its answer did not come back: nothing is known about what it did. */
export class RedisUnreachable extends Error {
  constructor(options: ErrorOptions) {
    super('Redis cannot be reached.', options);
    this.name = 'RedisUnreachable';
  }
}

/** Sends one Redis command. @throws {RedisUnreachable}, or the error that Redis answers */
export type CallRedis = (command: string, ...args: (string | number)[]) => Promise<unknown>;

/** An entry that was delivered and not acknowledged. */
export interface PendingEntry {
  readonly id: string;
  readonly consumer: string;
  /** Since its last delivery, in milliseconds. */
  readonly idleMs: number;
  readonly deliveries: number;
}

/** One member of a consumer group of a Redis stream: what it says to Redis, and how it reads the answers. */
export interface StreamGroup {
  /** Makes the group if it is not there. A new one begins with the oldest entry: what was published before is not lost. */
  readonly join: () => Promise<void>;
  /** The next entry that nobody in the group has had; `undefined` when none comes within `blockMs`. */
  readonly read: (blockMs: number) => Promise<StreamEntry | undefined>;
  /** What is pending with any member of the group and has been idle for so long. */
  readonly pending: (minIdleMs: number) => AsyncIterable<PendingEntry>;
  /** Takes a pending entry over; `undefined` when another member was faster, or the entry was trimmed away. */
  readonly claim: (entry: PendingEntry) => Promise<StreamEntry | undefined>;
  readonly acknowledge: (id: string) => Promise<void>;
  /** Puts an entry aside, where people can look at it, and ends its delivery to this group. */
  readonly bury: (entry: StreamEntry, reason: string) => Promise<void>;
  /** Leaves the group. What is pending with this member can be claimed by the others at once. */
  readonly leave: () => Promise<void>;
  /** Removes members that have not been seen for so long and have nothing pending. */
  readonly removeSilent: (minIdleMs: number) => Promise<void>;
}

export interface StreamGroupOptions {
  readonly stream: string;
  readonly dead: string;
  readonly group: string;
  readonly consumer: string;
  readonly call: CallRedis;
  /** On a connection of its own: a blocking command keeps all others of its connection waiting. */
  readonly callBlocking: CallRedis;
}

/** Removing a member drops what is pending with it, so look and remove must be one step. */
const REMOVE_IF_DONE = `
  if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
  end`;
/** Burying is one step, so that an entry is never in both places or in none. */
const BURY = `
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', unpack(ARGV, 3))
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])`;
const PAGE = 100;
/** Longer than any time that a member waits before it claims an entry. */
const LONG_IDLE_MS = 365 * 86_400_000;

const entry = z.tuple([z.string(), z.array(z.string())]).transform(([id, fields]) => ({ id, fields }));
const streams = z.tuple([z.tuple([z.string(), z.array(entry)])]).nullable();
// Redis before 7 answers null for an entry that was trimmed away.
const claimed = z.array(entry.nullable());
const pendingEntries = z.array(
  z
    .tuple([z.string(), z.string(), z.number(), z.number()])
    .transform(([id, consumer, idleMs, deliveries]) => ({ id, consumer, idleMs, deliveries })),
);
/** Name and value, one after the other; newer versions of Redis add more. */
const consumers = z
  .array(z.array(z.union([z.string(), z.number()])))
  .transform((rows) =>
    rows.map((row) => ({ name: String(row[row.indexOf('name') + 1]), idleMs: Number(row[row.indexOf('idle') + 1]) })),
  );

export function createStreamGroup(options: StreamGroupOptions): StreamGroup {
  const { stream, dead, group, consumer, call, callBlocking } = options;
  const removeIfDone = (name: string) => call('EVAL', REMOVE_IF_DONE, 1, stream, group, name);

  async function* pending(minIdleMs: number, ...of: string[]): AsyncGenerator<PendingEntry> {
    for (let start = '-'; ; ) {
      const reply = await call('XPENDING', stream, group, 'IDLE', minIdleMs, start, '+', PAGE, ...of);
      const page = pendingEntries.parse(reply);
      yield* page;
      if (page.length < PAGE) return;
      start = `(${page.at(-1)?.id}`;
    }
  }

  return {
    pending: (minIdleMs) => pending(minIdleMs),
    async join() {
      try {
        await call('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!String(error).includes('BUSYGROUP')) throw error;
      }
    },
    async read(blockMs) {
      // One at a time: an entry of a larger batch would wait behind the others and look abandoned meanwhile.
      const from = ['STREAMS', stream, '>'];
      const reply = await callBlocking('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'BLOCK', blockMs, ...from);
      return streams.parse(reply)?.[0][1][0];
    },
    async claim({ id, idleMs }) {
      // Only one member finds it still idle for as long as it was seen to be: a claim makes it 0.
      const [found] = claimed.parse(await call('XCLAIM', stream, group, consumer, idleMs, id));
      if (found === null) await call('XACK', stream, group, id);
      return found ?? undefined;
    },
    async acknowledge(id) {
      await call('XACK', stream, group, id);
    },
    async bury({ id, fields }, reason) {
      const about = ['group', group, 'entry', id, 'reason', reason, 'fields', JSON.stringify(fields)];
      await call('EVAL', BURY, 2, stream, dead, group, id, ...about);
    },
    async leave() {
      for await (const { id } of pending(0, consumer)) {
        await call('XCLAIM', stream, group, consumer, 0, id, 'IDLE', LONG_IDLE_MS, 'JUSTID');
      }
      await removeIfDone(consumer);
    },
    async removeSilent(minIdleMs) {
      for (const { name, idleMs } of consumers.parse(await call('XINFO', 'CONSUMERS', stream, group))) {
        if (idleMs >= minIdleMs && name !== consumer) await removeIfDone(name);
      }
    },
  };
}
