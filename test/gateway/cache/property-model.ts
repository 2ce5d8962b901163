import { LIFE_MS, MAX_STALE_MS, type Told } from './property-world.ts';

/** One value that a client got. */
export interface Seen extends Told {
  readonly field: 'value' | 'extra';
  readonly root: 'item' | 'items';
  readonly asker: { readonly subject: string; readonly language: string };
  readonly gateway: 0 | 1;
  /** When it was asked for, epoch milliseconds. */
  readonly startedAt: number;
}

/** What a purge is promised to void. */
export type Covers = (seen: Pick<Seen, 'field' | 'root' | 'id'>) => boolean;

export interface Purged {
  readonly what: string;
  readonly covers: Covers;
  readonly gateway: 0 | 1;
  readonly startedAt: number;
  readonly acknowledgedAt: number;
  /** Redis had not taken it: it is promised on the gateway that took it alone. */
  readonly isPending: boolean;
}

/** A mutation that was answered. */
export interface Written {
  readonly id: string;
  readonly version: number;
  readonly gateway: 0 | 1;
  readonly acknowledgedAt: number;
}

/** Answers of subgraphs take no longer than this here, with all that a busy machine adds. In milliseconds. */
const LONGEST_FETCH_MS = 1_000;

/** What is promised, and what was seen. */
export interface Model {
  purged(purged: Purged): void;
  written(written: Written): void;
  /** @returns what is wrong with it, if anything */
  judge(seen: Seen): string | undefined;
}

export function createModel(): Model {
  const purges: Purged[] = [];
  const writes: Written[] = [];

  function isBroken(purge: Purged, seen: Seen): boolean {
    if (seen.at >= purge.startedAt || !purge.covers(seen)) return false;
    if (purge.gateway === seen.gateway) return seen.startedAt > purge.acknowledgedAt;
    // The other one may not have heard of it, and who joins what is under way there may get what it brings.
    const toldAt = purge.acknowledgedAt + MAX_STALE_MS[seen.gateway] + LONGEST_FETCH_MS;
    return !purge.isPending && seen.startedAt > toldAt;
  }

  return {
    purged: (purged) => void purges.push(purged),
    written: (written) => void writes.push(written),
    judge: (seen) => {
      const { owner, language, at, startedAt, version, id, asker, field, gateway } = seen;
      if (owner !== '*' && owner !== asker.subject) return `it is of ${owner}`;
      if (language !== asker.language) return `it is in ${language}`;
      if (startedAt - at > LIFE_MS + LONGEST_FETCH_MS) return `it is ${startedAt - at} ms old`;
      const purge = purges.find((one) => isBroken(one, seen));
      if (purge !== undefined) return `it was purged: ${JSON.stringify(purge)}`;
      const write = writes.find(
        (one) => one.gateway === gateway && one.id === id && one.acknowledgedAt < startedAt && one.version > version,
      );
      return field === 'value' && write !== undefined
        ? `it is older than what was written: ${JSON.stringify(write)}`
        : undefined;
    },
  };
}
