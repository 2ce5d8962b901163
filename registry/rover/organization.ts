import type { ListedKey } from '../access/keys.ts';
import { RegistryError } from '../errors.ts';
import { checkGraphId } from '../names.ts';
import { listGraphs } from '../storage/graphs.ts';
import { createGraph } from './create-graph.ts';
import type { ApiKey, ApiKeyResourceInput, ApiKeySubgraphInput, InputMaybe, Resolvers } from './generated.ts';
import { ORGANIZATION_ID } from './organization-id.ts';
import { permitEverywhere } from './permit.ts';

const PAGE = 100;

/** `api-key`: an operator's key may do everything in all graphs, a subgraph's what a team needs for its own. */
export const organization = {
  Query: {
    organization: (_, { id }) => (id === ORGANIZATION_ID ? { id } : null),
  },
  Mutation: {
    organization: (_, { id }) => (id === ORGANIZATION_ID ? { id } : null),
  },
  Organization: {
    name: () => 'Tributary',
    offlineLicense: () => null,
    graphs: async (_, _arguments, context) => {
      await permitEverywhere(context, 'graph.list');
      return listGraphs(context.database.query);
    },
    apiKeys: async (_, { first, after }, context) => {
      await permitEverywhere(context, 'key.list');
      const keys = (await context.keys.list()).filter(({ revokedAt }) => revokedAt === null);
      const start = after === null || after === undefined ? 0 : keys.findIndex(({ id }) => id === after) + 1;
      const page = keys.slice(start, start + Math.min(first ?? PAGE, PAGE));
      return {
        edges: page.map((key) => ({ node: toApiKey(key) })),
        pageInfo: { endCursor: page.at(-1)?.id ?? null, hasNextPage: start + page.length < keys.length },
      };
    },
    apiKey: async (_, { keyId }, context) => {
      await permitEverywhere(context, 'key.list');
      const key = (await context.keys.list()).find(({ id, revokedAt }) => id === keyId && revokedAt === null);
      return key === undefined ? null : toApiKey(key);
    },
  },
  OrganizationMutation: {
    createKey: async (_, { name, type, resources }, context) => {
      const actor = await permitEverywhere(context, 'key.create');
      const scope = type === 'OPERATOR' ? EVERYWHERE : toScope(resources);
      const { id, secret } = await context.keys.create({ name, expiresAt: null, ...scope }, actor);
      return { id, keyName: name, token: secret, createdAt: context.now(), expiresAt: null };
    },
    deleteKey: async (_, { keyId }, context) => {
      await context.keys.revoke(keyId, await permitEverywhere(context, 'key.revoke'));
      return keyId;
    },
    renameKey: async (_, { keyId, name }, context) => {
      const actor = await permitEverywhere(context, 'key.rename');
      return toApiKey(await context.keys.rename(keyId, name, actor));
    },
    createGraph: async (_, { id, title }, context) => {
      checkGraphId(id);
      return createGraph({ id, title }, context);
    },
  },
  GraphCreationResult: { __resolveType: (result) => ('message' in result ? 'GraphCreationError' : 'Graph') },
} satisfies Resolvers;

const EVERYWHERE = { graphId: null, variant: null, subgraph: null, verbs: ['admin'] } as const;

/** @throws {RegistryError} BAD_REQUEST */
function toScope(resources: InputMaybe<ApiKeyResourceInput>) {
  const subgraphs: readonly ApiKeySubgraphInput[] = resources?.subgraphs ?? [];
  const [only] = subgraphs;
  if (only === undefined || subgraphs.length > 1 || (resources?.gateways ?? []).length > 0) {
    throw new RegistryError('BAD_REQUEST', 'A subgraph key is for one subgraph of one variant; make one for each.');
  }
  const { graphId, variantName: variant, subgraphName: subgraph } = only;
  return { graphId, variant, subgraph, verbs: ['check', 'publish'] } as const;
}

function toApiKey({
  id,
  name,
  hint,
  createdAt,
  expiresAt,
}: Pick<ListedKey, 'id' | 'name' | 'hint' | 'createdAt' | 'expiresAt'>): ApiKey {
  return { id, keyName: name, token: hint, createdAt, expiresAt };
}
