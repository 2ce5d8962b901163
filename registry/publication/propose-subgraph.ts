import type { Composition } from '../../composition/compose.ts';
import { checkSubgraphName } from '../names.ts';
import { hashOf } from '../storage/documents.ts';
import { readSubgraphs } from '../storage/subgraphs.ts';
import { reaching } from '../storage/unavailable.ts';
import { checkSchema } from './check-schema.ts';
import { composeListed, withSubgraph } from './compose-listed.ts';
import { readText } from './draft.ts';
import { demandNoContract, demandPublished, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';

export interface ProposeInput {
  readonly graphId: string;
  readonly variant: string;
  readonly name: string;
  /** `null`: as it is. */
  readonly url: string | null;
  readonly sdl: string;
}

/** What would be, and what is. */
export interface Proposal {
  readonly composition: Composition;
  readonly before: {
    /** What is served. */
    readonly supergraphSdl?: string;
    /** Of the subgraph, as it was published last. */
    readonly subgraphSdl?: string;
  };
}

/**
 * Composes as if a subgraph were published, and writes nothing.
 *
 * @throws {RegistryError} NAME_INVALID, SCHEMA_TOO_LARGE, SCHEMA_INVALID, GRAPH_UNKNOWN, VARIANT_UNKNOWN, CONTRACT_INVALID, BUSY,
 *   DATABASE_UNAVAILABLE
 */
export async function proposeSubgraph(
  p: Publishing,
  { graphId, variant, name, url, sdl }: ProposeInput,
): Promise<Proposal> {
  checkSubgraphName(name);
  await checkSchema(p, name, sdl);
  return reaching(async () => {
    const { query } = p.database;
    const head = await readHead(query, graphId, variant);
    demandPublished(head);
    demandNoContract(head, 'Check against');
    const listed = head.subgraphs.filter((subgraph) => subgraph.name === name);
    const [last] = await readSubgraphs(query, listed);
    const updatedAt = p.now().toISOString();
    const candidate = { name, url: url ?? last?.url ?? '', hash: hashOf(sdl), updatedAt };
    const served = head.served?.supergraph ?? undefined;
    return {
      composition: await composeListed(p, withSubgraph(head.subgraphs, candidate), sdl),
      before: {
        ...(served === undefined ? {} : { supergraphSdl: await readText(query, served) }),
        ...(last === undefined ? {} : { subgraphSdl: last.sdl }),
      },
    };
  });
}
