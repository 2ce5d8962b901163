import { RegistryError } from '../errors.ts';
import { readGraph } from '../storage/graphs.ts';
import type { Query } from '../storage/query.ts';
import type { ListedSubgraph, VariantPolicy } from '../storage/tables.ts';
import { listContracts, readVariant, type VariantRow } from '../storage/variants.ts';
import { readNewestVersion, readVersion, type VersionRow } from '../storage/versions.ts';

/** What a change of a variant starts from. It holds as long as `revision` and the contracts are what they were. */
export interface Head {
  readonly graphId: string;
  readonly variant: string;
  /** The number of the newest version; 0 for a variant that is not there yet. */
  readonly revision: number;
  readonly policy: VariantPolicy;
  /** For a contract. */
  readonly sourceVariant: string | null;
  readonly filter: VariantRow['filter'];
  readonly newest: VersionRow | undefined;
  /** The version whose supergraph is served. */
  readonly served: VersionRow | undefined;
  /** Of the newest version, whether it composed or not; by name. */
  readonly subgraphs: readonly ListedSubgraph[];
  /** Those that are made from this variant. */
  readonly contracts: readonly VariantRow[];
}

/** @throws {RegistryError} GRAPH_UNKNOWN */
export async function readHead(query: Query, graphId: string, variant: string): Promise<Head> {
  const row = await readVariant(query, graphId, variant);
  if (row === undefined && (await readGraph(query, graphId)) === undefined)
    throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}". An administrator creates graphs.`);
  const newest = row === undefined ? undefined : await readNewestVersion(query, graphId, variant);
  const current = row?.current ?? undefined;
  const served =
    current === undefined || current === newest?.number
      ? current === undefined
        ? undefined
        : newest
      : await readVersion(query, graphId, variant, current);
  return {
    graphId,
    variant,
    revision: row?.revision ?? 0,
    policy: row?.policy ?? {},
    sourceVariant: row?.sourceVariant ?? null,
    filter: row?.filter ?? null,
    newest,
    served,
    subgraphs: newest?.subgraphs ?? [],
    contracts: await listContracts(query, graphId, variant),
  };
}

/** @throws {RegistryError} VARIANT_UNKNOWN for one that nothing was published to */
export function demandPublished(head: Head): void {
  if (head.newest !== undefined) return;
  throw new RegistryError('VARIANT_UNKNOWN', `Nothing was published to ${head.graphId}@${head.variant} yet.`);
}

/** @throws {RegistryError} CONTRACT_INVALID for a contract, which is made of another variant alone */
export function demandNoContract({ graphId, variant, sourceVariant }: Head, deed: string): void {
  if (sourceVariant === null) return;
  throw new RegistryError(
    'CONTRACT_INVALID',
    `${graphId}@${variant} is a contract: it follows ${graphId}@${sourceVariant}. ${deed} that one.`,
  );
}
