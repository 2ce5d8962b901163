import { allows } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { checkLength, checkVariantName } from '../names.ts';
import { createPersistedList, deleteList, setListVariants } from '../publication/persisted-lists.ts';
import { publishOperations } from '../publication/publish-operations.ts';
import { listPersistedLists, readListOfVariant, readPersistedList } from '../storage/persisted-queries.ts';
import type { Resolvers } from './generated.ts';
import { permit } from './permit.ts';

const MOST_VARIANTS = 1_000;

/** `persisted-queries publish`, and making the list that it publishes to. */
export const persistedQueries = {
  Graph: {
    persistedQueryLists: async ({ id: graphId }, _arguments, context) => {
      await permit(context, 'admin', { graphId }, 'persisted-queries.list');
      return listPersistedLists(context.database.query, graphId);
    },
    // `me` gives a graph too, to any key that is for one.
    persistedQueryList: async ({ id: graphId }, { id: listId }, { principal, database }) =>
      principal && allows(principal, 'read', { graphId })
        ? ((await readPersistedList(database.query, graphId, listId)) ?? null)
        : null,
  },
  GraphVariant: {
    persistedQueryList: async ({ graphId, name }, _arguments, { database }) =>
      (await readListOfVariant(database.query, graphId, name)) ?? null,
  },
  GraphMutation: {
    persistedQueryList: ({ id: graphId }, { id: listId }) => ({ graphId, listId }),
    createPersistedQueryList: async ({ id: graphId }, { name, variants }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'persisted-queries.create');
      checkLength('The name of a list', name, 200);
      if (variants.length > MOST_VARIANTS)
        throw new RegistryError('BAD_REQUEST', `A list is served by ${MOST_VARIANTS} variants at most.`);
      for (const variant of variants) checkVariantName(variant);
      return createPersistedList(context, { graphId, name, variants: [...variants], actor });
    },
  },
  PersistedQueryListMutation: {
    setVariants: async ({ graphId, listId }, { variants }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'persisted-queries.link');
      return setListVariants(context, { graphId, listId, actor }, variants);
    },
    delete: async ({ graphId, listId }, _arguments, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'persisted-queries.delete');
      await deleteList(context, { graphId, listId, actor });
      return true;
    },
    publishOperations: async ({ graphId, listId }, { operations }, context) => {
      const { database, now } = context;
      const actor = await permit(context, 'publish', { graphId }, 'persisted-queries.publish');
      for (const { id, name, clientName, body } of operations ?? []) {
        checkLength('The id of an operation', id, 500);
        checkLength('The name of an operation', name, 500);
        checkLength('The name of a client', clientName ?? '', 200);
        checkLength(`The operation "${name}"`, body, 500_000);
      }
      const outcome = await publishOperations(database, {
        graphId,
        listId,
        operations: (operations ?? []).map((operation) => ({ ...operation, clientName: operation.clientName ?? '' })),
        actor,
        now: now(),
      });
      if ('changedBody' in outcome) {
        const { id, name } = outcome.changedBody;
        return {
          __typename: 'CannotModifyOperationBodyError',
          message: `The operation "${name}" has the id ${id}, under which another text is known; an id stands for one text, for ever.`,
        };
      }
      const { list, revision, counts } = outcome;
      return {
        __typename: 'PublishOperationsResult',
        build: { revision, publish: { operationCounts: counts }, list },
        unchanged: counts.added + counts.updated === 0,
      };
    },
  },
  PublishOperationsResultOrError: {
    __resolveType: (result) => ('build' in result ? 'PublishOperationsResult' : 'CannotModifyOperationBodyError'),
  },
} satisfies Resolvers;
