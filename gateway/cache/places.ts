import { PLACES } from '../store/purge-log.ts';

/**
 * The place of a tag in the table of purges: the same in every gateway and every version of it, because gateways share the table.
 *
 * FNV-1a over UTF-16 units, its bits mixed afterwards as in MurmurHash3: the low ones decide.
 */
export function toPlace(tag: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < tag.length; index++) {
    const unit = tag.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % PLACES;
}

/** The places of tags, each once. */
export function toPlaces(tags: readonly string[]): readonly number[] {
  return [...new Set(tags.map(toPlace))];
}
