import { hashText } from '../hash-text.ts';
import { PLACES } from '../store/purge-log.ts';

/** The place of a tag in the table of purges: the same in every gateway and every version of it, because gateways share the table. */
export function toPlace(tag: string): number {
  return hashText(tag) % PLACES;
}

/** The places of tags, each once. */
export function toPlaces(tags: readonly string[]): readonly number[] {
  return [...new Set(tags.map(toPlace))];
}
