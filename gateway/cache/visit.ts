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
  /** Whether somebody wants to know the tags of its answer, kept or not. */
  readonly isTold: boolean;
}

/** Asks subgraphs for as long as it is not released, whatever becomes of the client. */
export interface Detached {
  readonly ask: Ask;
  readonly release: () => void;
}

/** An execution that looks into the cache. */
export interface Looking extends Visit {
  readonly record: Record;
  /** Whether nobody need wait for its parts: others wait for the whole response, or hardly anybody asks for it again. */
  readonly isAlone: boolean;
  /** Whether the tags of all parts are needed: the whole is kept, or somebody wants to know them. */
  readonly isTagged: boolean;
  readonly signal: AbortSignal;
  /** When its time is up, by `performance.now()`. */
  readonly deadline: number;
  /** For what goes on when the client has its answer. */
  readonly detach: () => Detached;
}

type Seeker = Pick<Visit, 'requester' | 'wish'>;

/** The key of one thing for who asked alone. */
export function ownKey(key: string, { owner = '' }: Requester): string {
  return `${key}:${owner}`;
}

/** The keys under which one thing may be for this one: that of its owner, and that of everyone. */
function keysOf(key: string, requester: Requester): readonly string[] {
  return requester.owner === undefined ? [key] : [ownKey(key, requester), key];
}

/** Looks for one thing: in memory without waiting, else in both levels. The freshest that the client wants. */
export function findBest(levels: Levels, key: string, seeker: Seeker): Found | undefined | Promise<Found | undefined> {
  const peeked = peekBest(levels, key, seeker);
  if (peeked !== undefined || !levels.isShared) return peeked;
  return levels.read(keysOf(key, seeker.requester)).then((founds) => best(founds, seeker));
}

/** Keys of one read, of those that a batch of the store may have. */
const READ_AT_ONCE = 500;

/** The same for many things: what is not fresh in memory is read together. */
export function findEach(
  levels: Levels,
  keys: readonly string[],
  seeker: Seeker,
): Promise<readonly (Found | undefined)[]> | readonly (Found | undefined)[] {
  return levels.isShared ? readEach(levels, keys, seeker) : keys.map((key) => peekBest(levels, key, seeker));
}

async function readEach(
  levels: Levels,
  keys: readonly string[],
  seeker: Seeker,
): Promise<readonly (Found | undefined)[]> {
  const founds = keys.map((key) => peekBest(levels, key, seeker));
  const wanted = keys.flatMap((key, index) => (founds[index] === undefined ? keysOf(key, seeker.requester) : []));
  if (wanted.length === 0) return founds;
  const chunks: string[][] = [];
  for (let from = 0; from < wanted.length; from += READ_AT_ONCE) chunks.push(wanted.slice(from, from + READ_AT_ONCE));
  const answers = await Promise.all(chunks.map((chunk) => levels.read(chunk)));
  const read = new Map(answers.flat().map((found, at) => [wanted[at], found]));
  return keys.map((key, index) => {
    const own = keysOf(key, seeker.requester).map((each) => read.get(each));
    return founds[index] ?? best(own, seeker);
  });
}

/** Whether something under the key of everyone is for this one, too. */
export function isFor({ scope }: Entry, { hasCredentials }: Requester): boolean {
  return scope !== 'anonymous' || !hasCredentials;
}

function peekBest(levels: Levels, key: string, seeker: Seeker): Found | undefined {
  const { owner } = seeker.requester;
  if (owner !== undefined) return best([levels.peek(ownKey(key, seeker.requester)), levels.peek(key)], seeker);
  const found = levels.peek(key);
  return found !== undefined && isWanted(found, seeker) ? found : undefined;
}

function best(founds: readonly (Found | undefined)[], seeker: Seeker): Found | undefined {
  const wanted = founds.filter((found) => found !== undefined && isWanted(found, seeker));
  const ofKind = (kind: Found['freshness']) => wanted.find((found) => found?.freshness === kind);
  return ofKind('fresh') ?? ofKind('stale') ?? wanted[0];
}

function isWanted({ ageMs, entry }: Found, { requester, wish }: Seeker): boolean {
  return ageMs <= wish.maxAgeMs && isFor(entry, requester);
}
