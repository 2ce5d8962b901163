import { PLACES, type Purge, type PurgeLog } from './purge-log.ts';

/** How many purges are kept one by one. */
const LENGTH = 1_000;

/** A purge log in this process. @param now epoch milliseconds */
export function createMemoryPurgeLog(now: () => number): PurgeLog & { readonly head: () => number } {
  const microseconds = () => Math.floor(now() * 1_000);
  const listeners = new Set<() => void>();
  // Pages of it that nobody wrote take no memory.
  const table = new Float64Array(PLACES);
  /** Behind the last place that was ever purged. */
  let tableEnd = 0;
  let log: Purge[] = [];
  let head = microseconds();
  let floor = head;
  /** The head before the oldest purge that is kept. */
  let complete = head;

  /** After this the log reaches as far as the caller has seen it. */
  function ensure(synced: number): void {
    if (head >= synced) return;
    head = Math.max(synced + 1, microseconds());
    floor = head;
    complete = head;
    log = [];
    table.fill(0);
  }

  return {
    head: () => head,
    async purge(places, synced) {
      ensure(synced);
      const previous = head;
      head = Math.max(head + 1, microseconds());
      if (places === 'everything') floor = head;
      else
        for (const place of places) {
          table[place] = head;
          if (place >= tableEnd) tableEnd = place + 1;
        }
      log.push({ sequence: head, places: places === 'everything' ? [] : places });
      if (log.length > LENGTH) complete = log.shift()?.sequence ?? head;
      for (const listener of listeners) listener();
      return { sequence: head, previous, isReplicated: true };
    },
    async since(sequence) {
      ensure(sequence);
      if (floor > sequence || complete > sequence) return 'gap';
      return { head, floor, purges: log.filter((purge) => purge.sequence > sequence) };
    },
    async table(synced) {
      ensure(synced);
      return { head, floor, table: Buffer.from(table.slice(0, tableEnd).buffer) };
    },
    onPurge: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
