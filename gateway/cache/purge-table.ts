import { PLACES, type Purge, type PurgeTable as StoredTable } from '../store/purge-log.ts';
import type { Entry } from './entry.ts';

/** What decides whether an entry is void. */
export type Judged = Pick<Entry, 'born' | 'places'>;

/** A gateway's copy of the table of purges. It is complete up to `synced`; single later purges may be in it too. */
export interface PurgeTable {
  readonly synced: () => number;
  readonly floor: () => number;
  /**
   * Whether no purge that this copy knows voids an entry. A hot path: for each entry that is about to be used.
   *
   * One without tags is of an answer that nobody looked for tags in: whatever was purged since may be in it.
   *
   * An entry that was born after `synced` comes from a history that was lost, or is a moment ahead of this copy: void too.
   */
  isValid(entry: Judged): boolean;
  /** Marks one purge, without a word on those before it. */
  mark(sequence: number, places: readonly number[]): void;
  raiseFloor(sequence: number): void;
  /** From now on it is complete up to there. */
  advance(sequence: number): void;
  /** Takes over all of a table as it was stored. What this copy knew besides it stays: a purge is never taken back. */
  load(stored: StoredTable): void;
}

/** Makes one that knows nothing, for which everything is void until it is loaded. */
export function createPurgeTable(): PurgeTable {
  const table = new Float64Array(PLACES);
  let synced = 0;
  let floor = Number.POSITIVE_INFINITY;
  /** The last purge that is known, though others before it may not be. */
  let last = 0;

  // Each condition is put so that NaN, and a place outside of the table, make void.
  function isValid({ born, places }: Judged): boolean {
    if (!(born >= floor && born <= synced)) return false;
    if (places.length === 0) return last <= born;
    for (let index = 0; index < places.length; index++) {
      const purged = table[places[index] as number];
      if (!((purged as number) <= born)) return false;
    }
    return true;
  }

  function mark(sequence: number, places: readonly number[]): void {
    if (sequence > last) last = sequence;
    for (const place of places) if (!((table[place] ?? 0) >= sequence)) table[place] = sequence;
  }

  return {
    synced: () => synced,
    floor: () => floor,
    isValid,
    mark,
    raiseFloor: (sequence) => {
      if (floor === Number.POSITIVE_INFINITY || sequence > floor) floor = sequence;
    },
    advance: (sequence) => {
      if (sequence > synced) synced = sequence;
      if (sequence > last) last = sequence;
    },
    load: (stored) => {
      const { buffer, byteOffset, length } = stored.table;
      const view = new DataView(buffer, byteOffset, length);
      // Garbage in it may be no number, or larger than any purge: what it says of its place then costs misses until the next one.
      for (let place = 0; place < PLACES && place * 8 + 8 <= length; place++) {
        const sequence = view.getFloat64(place * 8, true);
        const known = table[place] as number;
        if (sequence !== 0 && !(known >= sequence)) table[place] = sequence;
      }
      if (floor === Number.POSITIVE_INFINITY || stored.floor > floor) floor = stored.floor;
      if (stored.head > synced) synced = stored.head;
      if (stored.head > last) last = stored.head;
    },
  };
}

/** Takes over purges that follow on what is known already. */
export function follow(table: PurgeTable, purges: readonly Purge[]): void {
  for (const { sequence, places } of purges) {
    table.mark(sequence, places);
    table.advance(sequence);
  }
}
