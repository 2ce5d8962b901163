import type { Ask } from '../execution/reply.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Entry } from './entry.ts';
import type { Found, Levels } from './levels.ts';
import type { Record } from './record.ts';
import type { CacheWish } from './request-cache-control.ts';
import type { Requester } from './requester.ts';

/** One request of a client, as the cache sees it. */
export interface Visit {
  readonly supergraph: Supergraph;
  readonly requester: Requester;
  readonly wish: CacheWish;
  /** How many mutations had ended when it came: it joins nothing that began before (read your writes). */
  readonly epoch: number;
  readonly isWriting: boolean;
}

/** Asks subgraphs for as long as it is not released, whatever becomes of the client. */
export interface Detached {
  readonly ask: Ask;
  readonly release: () => void;
}

/** An execution that looks into the cache. */
export interface Looking extends Visit {
  readonly record: Record;
  readonly signal: AbortSignal;
  /** For what goes on when the client has its answer. */
  readonly detach: () => Detached;
}

/** The keys of one thing: that of everyone, and that of its owner. */
export function keysOf(key: string, { owner }: Requester): readonly string[] {
  return owner === undefined ? [key] : [ownKey(key, owner), key];
}

export function ownKey(key: string, owner: string): string {
  return `${key}:${owner}`;
}

/** Looks for one thing under its keys: in memory without waiting, else in both levels. The freshest that the client wants. */
export function findBest(
  levels: Levels,
  key: string,
  { requester, wish }: Pick<Visit, 'requester' | 'wish'>,
): Found | undefined | Promise<Found | undefined> {
  const keys = keysOf(key, requester);
  const isWanted = (found: Found) => found.ageMs <= wish.maxAgeMs && isFor(found.entry, requester);
  for (const each of keys) {
    const found = levels.peek(each);
    if (found !== undefined && isWanted(found)) return found;
  }
  return levels.read(keys).then((founds) => best(founds.filter((found) => found !== undefined && isWanted(found))));
}

/** Whether something under the key of everyone is for this one, too. */
export function isFor({ scope }: Entry, { hasCredentials }: Requester): boolean {
  return scope !== 'anonymous' || !hasCredentials;
}

function best(wanted: readonly (Found | undefined)[]): Found | undefined {
  const ofKind = (kind: Found['freshness']) => wanted.find((found) => found?.freshness === kind);
  return ofKind('fresh') ?? ofKind('stale') ?? wanted[0];
}
