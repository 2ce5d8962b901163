import { allows, demand } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { type GraphRow, readGraph } from '../storage/graphs.ts';
import { listPublishedVariants } from '../storage/published-variants.ts';
import { readVariant } from '../storage/variants.ts';
import type { Context } from './context.ts';
import type { Resolvers } from './generated.ts';
import { ORGANIZATION_ID } from './organization-id.ts';

/** The graph, where the other subjects begin. Rover tells its user of a graph or variant that is null. */
export const graph = {
  Query: {
    graph: (_, { id }, context) => findGraph(id, context),
    variant: async (_, { ref }, context) => {
      const [, graphId = '', name = 'current'] = /^([^@]+)(?:@(.+))?$/.exec(ref) ?? [];
      if (graphId === '') return { __typename: 'InvalidRefFormat', message: `"${ref}" is not a graph ref.` };
      const found = await findGraph(graphId, context);
      if (found === null) return null;
      demand(context.principal, 'read', { graphId, variant: name });
      const row = await readVariant(context.database.query, graphId, name);
      return row === undefined ? null : { __typename: 'GraphVariant', ...row };
    },
    frontendUrlRoot: (_, _arguments, { frontendUrl }) => frontendUrl(),
  },
  Mutation: {
    graph: (_, { id }, context) => findGraph(id, context),
  },
  GraphVariantLookup: {
    __resolveType: (found) => ('message' in found ? 'InvalidRefFormat' : 'GraphVariant'),
  },
  Graph: {
    name: ({ id }) => id,
    account: () => ({ id: ORGANIZATION_ID }),
    variant: async ({ id }, { name }, { principal, database }) => {
      demand(principal, 'read', { graphId: id, variant: name });
      return (await readVariant(database.query, id, name)) ?? null;
    },
    // `me` gives a graph too, to any key that is for one.
    variants: async ({ id: graphId }, _arguments, { principal, database }) => {
      const variants = await listPublishedVariants(database.query, graphId);
      return variants.filter(({ name }) => principal && allows(principal, 'read', { graphId, variant: name }));
    },
  },
  GraphMutation: {
    variant: async ({ id }, { name }, { principal, database }) => {
      demand(principal, 'read', { graphId: id, variant: name });
      return (await readVariant(database.query, id, name)) ?? null;
    },
  },
} satisfies Resolvers;

async function findGraph(id: string, { principal, database }: Context): Promise<GraphRow | null> {
  if (principal === undefined) throw new RegistryError('KEY_INVALID');
  demand(principal, 'read', { graphId: id });
  return (await readGraph(database.query, id)) ?? null;
}
