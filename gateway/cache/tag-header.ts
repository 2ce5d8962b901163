import type { CacheConfig } from '../cache-config.ts';
import { boundTags } from './tag.ts';
import { toTagged } from './tag-set.ts';

/**
 * A tag as it stands in a header, and as a CDN is to be told it when it is purged: percent-encoded, but for letters, digits and
 * `-_.!~*'():`, so that it is visible ASCII and has no separator in it.
 */
export function toHeaderTag(tag: string): string {
  return encodeURIComponent(tag.toWellFormed()).replaceAll('%3A', ':');
}

/**
 * All tags of an answer, for a CDN that purges by them. Where they are too long, those of entities and types give way to `unkeyed` and
 * `types`, which any purge of an entity or a type names, too.
 *
 * @returns nothing when they are still too long, or when nobody knows them: what cannot be purged there must not be kept there
 */
export function writeTagHeader(
  tags: readonly string[],
  { separator, maxBytes }: CacheConfig['tagHeader'],
): string | undefined {
  if (tags.length === 0) return undefined;
  const write = (all: readonly string[]) => all.map(toHeaderTag).join(separator);
  return [tags, boundTags(toTagged(tags), 0).tags].map(write).find((text) => text.length <= maxBytes);
}
