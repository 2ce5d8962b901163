import { FEDERATION_VERSION } from '../../composition/federation-version.ts';
import { allows } from '../access/principal.ts';
import { readDocuments } from '../storage/documents.ts';
import { listSubgraphs } from '../storage/subgraphs.ts';
import { readVariant } from '../storage/variants.ts';
import { listLastPublishes } from '../storage/versions.ts';
import type { Context } from './context.ts';
import type { Resolvers } from './generated.ts';
import type { GraphVariantSource, GraphVariantSubgraphSource } from './sources.ts';

/** A variant and its subgraphs: `subgraph fetch` and `list`, and what rover looks at before it publishes or checks. */
export const variant = {
  GraphVariant: {
    id: ({ graphId, name }) => `${graphId}@${name}`,
    subgraphs: async (source, _arguments, context) => (await readListed(source, context)) ?? null,
    subgraph: async (source, { name }, context) => {
      const listed = await readListed(source, context);
      return listed?.find((subgraph) => subgraph.name === name) ?? null;
    },
    // A contract is often for those who may not see what it is made from.
    sourceVariant: async ({ graphId, sourceVariant: variant }, _arguments, { principal, database }) =>
      variant !== null && principal && allows(principal, 'read', { graphId, variant })
        ? ((await readVariant(database.query, graphId, variant)) ?? null)
        : null,
    federationVersion: () => FEDERATION_VERSION,
    routerConfig: () => null,
  },
  GraphVariantSubgraph: {
    // Rover shows a subgraph without a URL as "unspecified"; for a publish without `--routing-url` it needs null or a URL.
    url: ({ url }) => (url === '' ? null : url),
    updatedAt: ({ updatedAt }) => new Date(updatedAt),
    activePartialSchema: async ({ name, hash }, _arguments, { database }) => {
      const sdl = (await readDocuments(database.query, [hash])).get(hash);
      if (sdl === undefined) throw new Error(`the document ${hash} of ${name} is missing`);
      return { sdl };
    },
  },
} satisfies Resolvers;

async function readListed(
  { graphId, name: variant, current }: GraphVariantSource,
  { database, keys: allKeys }: Context,
): Promise<GraphVariantSubgraphSource[] | undefined> {
  const listed = await listSubgraphs(database.query, graphId, variant);
  const publishes = once(async () => {
    const versions = await listLastPublishes(database.query, graphId, variant);
    return new Map([...versions].map(([name, version]) => [name, { version, current }]));
  });
  const keys = once(() => allKeys.list(graphId));
  return listed?.map((subgraph) => ({ ...subgraph, graphId, variant, publishes, keys }));
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
