import { type Field, lifeOf, MAX_STALE_MS, type Told } from './property-world.ts';

/** One value that a client got. */
export interface Seen extends Told {
  readonly field: Field;
  readonly root: 'item' | 'items';
  readonly asker: { readonly subject: string; readonly language: string };
  /** The oldest that its client wanted, in milliseconds. */
  readonly mostMs: number;
  readonly gateway: 0 | 1;
  /** Where the response came from, when it was kept whole; a stale one from either. */
  readonly level: 'l1' | 'l2' | 'stale' | undefined;
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
  /** Whether the gateway was told what it changes; what is not kept is as it left it anyway. */
  readonly isDeclared: boolean;
}

/** What is promised, and what was seen. */
export interface Model {
  purged(purged: Purged): void;
  written(written: Written): void;
  /** @returns what is wrong with it, if anything */
  judge(seen: Seen): string | undefined;
}

/** @param longestFetchMs how long values take to a gateway, in milliseconds: see `World` */
export function createModel(longestFetchMs: () => number): Model {
  const purges: Purged[] = [];
  const writes: Written[] = [];

  /** Until when after a purge elsewhere it may be given. */
  function mayLagMs({ level, gateway }: Seen): number {
    if (level === 'l2') return 0;
    // Who joins what is under way may get what it brings.
    return MAX_STALE_MS[gateway] + (level === undefined ? longestFetchMs() : 0);
  }

  function isBroken({ startedAt, covers, gateway, acknowledgedAt, isPending }: Purged, seen: Seen): boolean {
    if (seen.at >= startedAt || !covers(seen)) return false;
    if (gateway === seen.gateway) return seen.startedAt > acknowledgedAt;
    return !isPending && seen.startedAt > acknowledgedAt + mayLagMs(seen);
  }

  function isMissing({ isDeclared, gateway, id, acknowledgedAt, version }: Written, seen: Seen): boolean {
    const isPromised = gateway === seen.gateway && (isDeclared || seen.scope === 'no-store');
    return isPromised && id === seen.id && acknowledgedAt < seen.startedAt && version > seen.version;
  }

  return {
    purged: (purged) => void purges.push(purged),
    written: (written) => void writes.push(written),
    judge: (seen) => {
      const { owner, language, at, startedAt, id, field, asker, mostMs, scope } = seen;
      if (owner !== '*' && owner !== asker.subject) return `it is of ${owner}`;
      if (language !== asker.language) return `it is in ${language}`;
      const mayBeMs = Math.min(mostMs, scope === 'no-store' ? 0 : lifeOf(id, field));
      if (startedAt - at > mayBeMs + longestFetchMs()) return `it is ${startedAt - at} ms old`;
      const purge = purges.find((one) => isBroken(one, seen));
      if (purge !== undefined) return `it was purged: ${JSON.stringify(purge)}`;
      const write = writes.find((one) => isMissing(one, seen));
      return write === undefined ? undefined : `it is older than what was written: ${JSON.stringify(write)}`;
    },
  };
}
