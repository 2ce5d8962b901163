import type { Composition } from '../../composition/compose.ts';
import { hashOf } from '../storage/documents.ts';
import { readSubgraphs } from '../storage/subgraphs.ts';
import type { ListedSubgraph } from '../storage/tables.ts';
import { NO_SUBGRAPHS } from './draft.ts';
import type { Publishing } from './publishing.ts';

/**
 * Composes the subgraphs of a list.
 *
 * @param sdl the text of one of them, which may not be kept yet
 */
export async function composeListed(
  { database, compose }: Publishing,
  listed: readonly ListedSubgraph[],
  sdl?: string,
): Promise<Composition> {
  if (listed.length === 0) return NO_SUBGRAPHS;
  const hash = sdl === undefined ? undefined : hashOf(sdl);
  const stored = await readSubgraphs(
    database.query,
    listed.filter((subgraph) => subgraph.hash !== hash),
  );
  const texts = new Map(stored.map((subgraph) => [subgraph.name, subgraph.sdl]));
  return compose(listed.map(({ name, url }) => ({ name, url, sdl: texts.get(name) ?? sdl ?? '' })));
}

/** Puts a subgraph into a list, which is by name. */
export function withSubgraph(listed: readonly ListedSubgraph[], subgraph: ListedSubgraph): readonly ListedSubgraph[] {
  return [...withoutSubgraph(listed, subgraph.name), subgraph].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function withoutSubgraph(listed: readonly ListedSubgraph[], name: string): readonly ListedSubgraph[] {
  return listed.filter((subgraph) => subgraph.name !== name);
}
