/** Into how many places tags are hashed. Two tags in one place are purged together, which costs a miss and nothing else. */
export const PLACES = 2 ** 20;

/** No sequence is larger: the microseconds of the year 2255, well within what a double holds exactly. */
export const LAST_SEQUENCE = 9e15;

/**
 * What was purged, and in which order. A purge has a sequence, which is larger than that of any before it; sequences are made by
 * the store and compared only with one another, so no clock of a gateway matters.
 *
 * `head` is the sequence of the last purge. Everything older than `floor` is void, whatever its tags: it rises when the
 * log was lost, since nobody knows then what was purged.
 *
 * Whoever calls says up to which sequence it has seen the log. A log that does not reach that far, or that has another history,
 * was lost: it begins anew with a floor above all that was.
 */
export interface PurgeLog {
  /** Purges places, or everything. @returns when it holds for all who read from now on */
  purge(places: readonly number[] | 'everything', synced: number): Promise<Purged>;
  /** What was purged after a sequence, or that it can no longer be told one by one. */
  since(sequence: number): Promise<PurgesSince | 'gap'>;
  /** All of it, of one moment. */
  table(synced: number): Promise<PurgeTable>;
  /**
   * Calls when there may be something new: soon after a purge as a rule, sometimes for nothing, and not at all while the
   * connection is down. @returns what ends it
   */
  onPurge(listener: () => void): () => void;
}

export interface Purged {
  readonly sequence: number;
  /** The head before it. */
  readonly previous: number;
  /** Whether as many replicas as asked for have it. */
  readonly isReplicated: boolean;
}

export interface Purge {
  readonly sequence: number;
  readonly places: readonly number[];
}

export interface PurgesSince {
  readonly head: number;
  readonly floor: number;
  /** In their order; the last is the head. */
  readonly purges: readonly Purge[];
}

export interface PurgeTable {
  readonly head: number;
  readonly floor: number;
  /** For each place from 0 on the sequence of its last purge, as a little-endian double. Places beyond its end: none. */
  readonly table: Buffer;
}
