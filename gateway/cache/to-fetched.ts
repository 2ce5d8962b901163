import type { Fetched } from './fill.ts';
import type { Levels } from './levels.ts';
import { type Audience, type EntryContent, type PartPolicy, toEntry } from './part.ts';
import type { Requester } from './requester.ts';
import { ownKey } from './visit.ts';

/** Something that was fetched, and what decides whether and for whom it is kept. */
export interface Kept extends Pick<EntryContent, 'tagged' | 'born' | 'now'> {
  readonly policy: PartPolicy;
  readonly audience: Audience;
  /** What is kept of it; nothing when there is nothing to keep. */
  readonly body: EntryContent['body'] | undefined;
}

/** What a flight brings: with the entry, under the key that it is for. */
export function toFetched<T>(
  value: T,
  { policy, audience, body, ...rest }: Kept,
  key: string,
  requester: Requester,
): Fetched<T> {
  if (!policy.isStorable || audience === 'nobody' || body === undefined)
    return { value, audience: 'owner', keep: undefined };
  const { tags, places } = rest.tagged;
  // Copied without the room that lists grow into: it may be kept for long.
  const tagged = { tags: tags.slice(), places: places.slice() };
  const entry = toEntry({ ...rest, policy, audience, body, tagged });
  return audience === 'everyone'
    ? { value, audience, keep: { entry } }
    : { value, audience, keep: { entry, key: ownKey(key, requester) } };
}

/** Keeps what was fetched without a flight. @param key that of everyone */
export function keepFetched<T>(levels: Levels, key: string, { audience, keep }: Fetched<T>): void {
  const own = audience === 'owner' && keep !== undefined ? keep.key : key;
  if (keep !== undefined && levels.wants(own)) levels.keep(own, keep.entry);
}
