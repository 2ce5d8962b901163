import type { Composition } from '../../composition/compose.ts';
import { checkSubgraphName } from '../names.ts';
import { hashOf } from '../storage/documents.ts';
import { readSubgraphs } from '../storage/subgraphs.ts';
import type { ListedSubgraph, VariantPolicy } from '../storage/tables.ts';
import { reaching } from '../storage/unavailable.ts';
import type { VariantRow } from '../storage/variants.ts';
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

/** A subgraph as it would be published, and what it would change. */
export interface Proposal {
  readonly sdl: string;
  /** With it, by name. */
  readonly subgraphs: readonly ListedSubgraph[];
  readonly policy: VariantPolicy;
  /** Those that are made from the variant. */
  readonly contracts: readonly VariantRow[];
  readonly before: {
    /** What is served. */
    readonly supergraphSdl?: string;
    /** Of the subgraph, as it was published last. */
    readonly subgraphSdl?: string;
  };
}

/**
 * Looks at a subgraph that may be published, and writes nothing.
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
      ...{ sdl, policy: head.policy, contracts: head.contracts },
      subgraphs: withSubgraph(head.subgraphs, candidate),
      before: {
        ...(served === undefined ? {} : { supergraphSdl: await readText(query, served) }),
        ...(last === undefined ? {} : { subgraphSdl: last.sdl }),
      },
    };
  });
}

/** Composes as if it were published. @throws {RegistryError} BUSY, DATABASE_UNAVAILABLE */
export function composeProposal(p: Publishing, { subgraphs, sdl }: Proposal): Promise<Composition> {
  return reaching(() => composeListed(p, subgraphs, sdl));
}
