import type { Running } from '../../service/run.ts';
import { type Store, StoreError } from '../store/store.ts';
import { publishCacheEvent } from './cache-events.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createPendingPurges, type Purging } from './pending-purges.ts';
import { toPlaces } from './places.ts';
import { createPurgeTable, follow, type Judged } from './purge-table.ts';

export interface PurgeStateOptions {
  readonly store: Store;
  /** How long what is in this process may answer alone after the log was last looked at, in milliseconds; 1,000 by default. */
  readonly maxStaleMs?: number;
  /** How often the log is looked at while anything is read, in milliseconds; by default a third of that, 0 for never. */
  readonly heartbeatMs?: number;
  /** Whether purges of others wake it; by default they do. */
  readonly isListening?: boolean;
  /** How many places of purges that the store does not take are kept one by one; 100,000 by default. */
  readonly maxPendingPlaces?: number;
  /** The first pause before such a purge is tried again, in milliseconds; 200 by default. */
  readonly retryMs?: number;
  /** Called in the turn in which a purge becomes known here, before anything that is born after it can be asked for. */
  readonly onPurge?: () => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * The fence between purges and what they void: this gateway's knowledge of the purge log.
 *
 * Whoever is about to fetch something takes `born` first; whatever is about to be used is asked `isValid` at that moment, wherever it
 * comes from. So it does not matter when, or by whom, an old answer was stored.
 */
export interface PurgeState extends Running {
  /** Up to where the purges are known: to be taken before a request or fetch begins. */
  born(): number;
  isValid(entry: Judged): boolean;
  /** Whether what is in this process may answer without a look at the store. Asking keeps the heartbeat going. */
  isConfirmed(): boolean;
  /** To be taken before a read is sent, and given to `observe` with the head that came. */
  begin(): ReadBegun;
  /**
   * Takes note of the head that came with a read. As a rule nothing is new, and there is nothing to wait for; else what was read
   * can be judged when it resolves. @throws {StoreError} then it cannot be judged, and is a miss
   */
  observe(head: number | undefined, begun: ReadBegun): Promise<void> | undefined;
  /** Looks at the log. @throws {StoreError} */
  catchUp(): Promise<void>;
  /** Purges tags; never fails. `pending`: it holds in this gateway, and in others when the store has taken it. */
  purge(tags: readonly string[] | 'everything'): Promise<PurgeOutcome>;
  /** For those who look on. */
  look(): {
    readonly synced: number;
    readonly floor: number;
    readonly pending: number;
    readonly confirmedAgoMs: number;
  };
}

export type PurgeOutcome =
  | { readonly isPending: false; readonly sequence: number; readonly isReplicated: boolean }
  | { readonly isPending: true };

export interface ReadBegun {
  readonly at: number;
  readonly synced: number;
}

/** How many places one purge of the store has at most. */
const PLACES_AT_ONCE = 10_000;

/** Opens it: the log is read, or, when the store does not answer, everything is void until it does. */
export async function openPurgeState(options: PurgeStateOptions): Promise<PurgeState> {
  const { store, maxStaleMs = 1_000, heartbeatMs = maxStaleMs / 3, isListening = true } = options;
  const { maxPendingPlaces = 100_000, retryMs = 200, onPurge = () => {}, now = () => performance.now() } = options;
  const table = createPurgeTable();
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let catching: Promise<void> | undefined;

  const confirm = (at: number) => {
    if (at > confirmedAt) confirmedAt = at;
  };

  async function readLog(): Promise<void> {
    const before = table.synced();
    let at = now();
    const since = await store.purges.since(before);
    if (since === 'gap') {
      at = now();
      table.load(await store.purges.table(before));
      publishCacheEvent({ kind: 'reload', synced: table.synced(), floor: table.floor() });
    } else {
      follow(table, since.purges);
      table.raiseFloor(since.floor);
    }
    if (table.synced() !== before) onPurge();
    confirm(at);
  }

  /** One at a time, for all who want it. */
  function catchUp(): Promise<void> {
    catching ??= readLog().finally(() => {
      catching = undefined;
    });
    return catching;
  }

  /** One that begins now: what is under way may have looked before what is looked for was there. */
  async function catchUpAfresh(isDone: () => boolean = () => false): Promise<void> {
    await catching?.catch(() => undefined);
    if (!isDone()) await catchUp();
  }

  /** When there are purges that this copy does not have. As long as it cannot read them, memory does not answer alone. */
  async function catchUpWithNews(isDone?: () => boolean): Promise<void> {
    try {
      await catchUpAfresh(isDone);
    } catch (error) {
      confirmedAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  async function send(purging: Purging): Promise<{ readonly sequence: number; readonly isReplicated: boolean }> {
    if (purging === 'everything') return sendPart(purging);
    let outcome = await sendPart(purging.slice(0, PLACES_AT_ONCE));
    for (let from = PLACES_AT_ONCE; from < purging.length; from += PLACES_AT_ONCE) {
      const next = await sendPart(purging.slice(from, from + PLACES_AT_ONCE));
      outcome = { ...next, isReplicated: next.isReplicated && outcome.isReplicated };
    }
    return outcome;
  }

  async function sendPart(purging: Purging) {
    const at = now();
    const { sequence, previous, isReplicated } = await store.purges.purge(purging, table.synced());
    if (purging === 'everything') table.raiseFloor(sequence);
    else table.mark(sequence, purging);
    onPurge();
    if (previous === table.synced()) {
      table.advance(sequence);
      confirm(at);
    } else if (sequence > table.synced()) catchUpWithNews().catch(() => undefined);
    return { sequence, isReplicated };
  }

  const pending = createPendingPurges({
    send: async (purging) => {
      const { sequence } = await send(purging);
      publishCacheEvent({ kind: 'purge', sequence, isLate: true });
    },
    maxPlaces: maxPendingPlaces,
    retryMs,
  });

  const heartbeat = createHeartbeat({
    everyMs: store.isShared ? heartbeatMs : 0,
    isDue: () => now() - confirmedAt >= heartbeatMs,
    beat: catchUp,
    now,
  });
  const stopListening =
    isListening && store.isShared ? store.purges.onPurge(() => catchUpWithNews().catch(() => undefined)) : () => {};
  await catchUp().catch(() => undefined);

  return {
    born: table.synced,
    isValid: (entry) => table.isValid(entry) && !pending.isVoid(entry.places),
    isConfirmed: () => {
      if (!store.isShared) return true;
      const at = now();
      heartbeat.touch(at);
      return at - confirmedAt < maxStaleMs;
    },
    begin: () => ({ at: now(), synced: table.synced() }),
    observe: (head, { at, synced }) => {
      const known = table.synced();
      if (head === known) {
        confirm(at);
        return undefined;
      }
      // Behind only because this gateway has moved on since the read was sent.
      if (head !== undefined && head < known && head >= synced) return undefined;
      return catchUpWithNews(() => head !== undefined && head > known && table.synced() >= head);
    },
    catchUp,
    async purge(tags) {
      const purging = tags === 'everything' ? tags : toPlaces(tags);
      if (purging.length === 0) return { isPending: false, sequence: table.synced(), isReplicated: true };
      const held = pending.add(purging);
      onPurge();
      try {
        const outcome = await send(purging);
        held.taken();
        publishCacheEvent({ kind: 'purge', sequence: outcome.sequence, isLate: false });
        return { isPending: false, ...outcome };
      } catch (error) {
        held.tryAgain();
        if (!(error instanceof StoreError)) throw error;
        publishCacheEvent({ kind: 'pending purge', error });
        return { isPending: true };
      }
    },
    look: () => ({
      synced: table.synced(),
      floor: table.floor(),
      pending: pending.count(),
      confirmedAgoMs: now() - confirmedAt,
    }),
    close: async () => {
      stopListening();
      heartbeat.close();
      await pending.close();
    },
  };
}
