import { listChecks } from '../storage/checks.ts';
import { readDocuments } from '../storage/documents.ts';
import type { Query } from '../storage/query.ts';
import type { ListedSubgraph } from '../storage/tables.ts';
import { readNewestVersion, readVersion, type VersionRow } from '../storage/versions.ts';
import type { Resolvers, SubgraphChange } from './generated.ts';

const MOST_CHECKS_AT_ONCE = 200;

/** What the console shows of versions and checks besides what operators ask. */
export const consoleHistory = {
  GraphVariant: {
    newest: async ({ graphId, name, current }, _arguments, { database }) => {
      const version = await readNewestVersion(database.query, graphId, name);
      return version === undefined ? null : { version, current };
    },
    checks: async ({ graphId, name }, { first, before }, { database }) => {
      const limit = Math.min(Math.max(first, 0), MOST_CHECKS_AT_ONCE);
      return listChecks(database.query, graphId, name, { limit, ...(before == null ? {} : { before }) });
    },
  },
  GraphVariantSubgraph: {
    lastPublish: async ({ name, publishes }) => (await publishes()).get(name) ?? null,
  },
  Version: {
    composed: ({ version }) => version.supergraph !== null,
    subgraphChanges: ({ version }, _arguments, { database }) => readChanges(database.query, version),
  },
  CheckWorkflow: {
    variant: ({ variant }) => variant,
    subgraph: ({ subgraph }) => subgraph,
    git: ({ git }) => git,
    actor: ({ actor }) => actor,
    createdAt: ({ createdAt }) => createdAt,
  },
} satisfies Resolvers;

async function readChanges(
  query: Query,
  { graphId, variant, number, subgraphs }: VersionRow,
): Promise<SubgraphChange[]> {
  const before = byName((await readVersion(query, graphId, variant, number - 1))?.subgraphs ?? []);
  const after = byName(subgraphs);
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => {
      const [was, is] = [before.get(name), after.get(name)];
      return was?.hash !== is?.hash || was?.url !== is?.url;
    })
    .sort();
  const texts = await readDocuments(
    query,
    changed.flatMap((name) => [before.get(name)?.hash ?? [], after.get(name)?.hash ?? []].flat()),
  );
  const textOf = (subgraph: ListedSubgraph | undefined) =>
    subgraph === undefined ? null : (texts.get(subgraph.hash) ?? null);
  return changed.map((name) => ({
    name,
    before: textOf(before.get(name)),
    after: textOf(after.get(name)),
    urlBefore: before.get(name)?.url || null,
    urlAfter: after.get(name)?.url || null,
  }));
}

const byName = (subgraphs: readonly ListedSubgraph[]) =>
  new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
