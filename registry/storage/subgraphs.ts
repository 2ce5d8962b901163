import { readDocuments } from './documents.ts';
import type { Query } from './query.ts';
import type { ListedSubgraph } from './tables.ts';
import { readNewestVersion } from './versions.ts';

/** A subgraph as it was published last. */
export interface PublishedSubgraph extends ListedSubgraph {
  readonly sdl: string;
}

/** Those of the newest version, whether it composed or not, by name; `undefined` when nothing was ever published there. */
export async function listSubgraphs(
  query: Query,
  graphId: string,
  variant: string,
): Promise<readonly ListedSubgraph[] | undefined> {
  return (await readNewestVersion(query, graphId, variant))?.subgraphs;
}

/** With their texts. */
export async function readSubgraphs(
  query: Query,
  listed: readonly ListedSubgraph[],
): Promise<readonly PublishedSubgraph[]> {
  const bodies = await readDocuments(
    query,
    listed.map(({ hash }) => hash),
  );
  return listed.map((subgraph) => {
    const sdl = bodies.get(subgraph.hash);
    if (sdl === undefined) throw new Error(`the document ${subgraph.hash} of ${subgraph.name} is missing`);
    return { ...subgraph, sdl };
  });
}

/** One, with its text. */
export async function readSubgraph(
  query: Query,
  graphId: string,
  variant: string,
  name: string,
): Promise<PublishedSubgraph | undefined> {
  const listed = (await listSubgraphs(query, graphId, variant))?.filter((subgraph) => subgraph.name === name) ?? [];
  const [found] = await readSubgraphs(query, listed);
  return found;
}
