import { allows } from '../access/principal.ts';
import { readCheck } from '../check/check-record.ts';
import type { CheckWindow } from '../check/check-window.ts';
import { submitCheck } from '../check/submit-check.ts';
import { RegistryError } from '../errors.ts';
import { toCheckTasks } from './check-tasks.ts';
import type { Context } from './context.ts';
import type { HistoricQueryParametersInput, Resolvers } from './generated.ts';
import { permit } from './permit.ts';
import { toGitContext } from './publish.ts';

/** `subgraph check`. A check is done before rover hears of it: it would ask again only every 5 s. */
export const check = {
  Graph: {
    checkWorkflow: async ({ id: graphId }, { id }, { principal, database }) => {
      const record = await readCheck(database.query, graphId, id);
      if (record === undefined || principal === undefined) return null;
      return allows(principal, 'read', { graphId, variant: record.variant }) ? record : null;
    },
  },
  CheckWorkflow: {
    tasks: async ({ graphId, id }, _arguments, context) => {
      const tasks = (await readCheck(context.database.query, graphId, id))?.tasks ?? [];
      return toCheckTasks(tasks, checkUrl(context, graphId, id));
    },
  },
  CheckWorkflowTask: { __resolveType: ({ __typename }) => __typename ?? 'FilterCheckTask' },
  CompositionResult: { __resolveType: () => 'CompositionCheckResult' },
  GraphVariantMutation: {
    submitSubgraphCheckAsync: async ({ graphId, name: variant }, { input }, context) => {
      const { subgraphName: subgraph, proposedSchema: sdl, config, gitContext } = input;
      try {
        const actor = await permit(context, 'check', { graphId, variant, subgraph }, 'subgraph.check');
        const git = toGitContext(gitContext);
        const window = toWindow(config);
        // A check tells which operations and clients of them it hits.
        for (const included of window.includedVariants)
          await permit(context, 'read', { graphId, variant: included }, 'subgraph.check');
        const { id } = await submitCheck(context.checking, { graphId, variant, subgraph, sdl, window, git, actor });
        return { __typename: 'CheckRequestSuccess', workflowID: id, targetURL: checkUrl(context, graphId, id) };
      } catch (error) {
        if (!(error instanceof RegistryError && error.code === 'ACCESS_DENIED')) throw error;
        // Rover puts a full stop of its own behind it.
        return { __typename: 'PermissionError', message: error.message.replace(/\.$/, '') };
      }
    },
    submitCheckSchemaAsync: () => {
      throw new RegistryError(
        'BAD_REQUEST',
        'This registry holds federated graphs only. Check each subgraph with "rover subgraph check".',
      );
    },
  },
  CheckRequestResult: {
    __resolveType: (result) => ('workflowID' in result ? 'CheckRequestSuccess' : 'PermissionError'),
  },
} satisfies Resolvers;

function checkUrl({ frontendUrl }: Context, graphId: string, id: string): string {
  return `${frontendUrl()}/graph/${graphId}/checks/${id}`;
}

function toWindow(config: HistoricQueryParametersInput): CheckWindow {
  const { queryCountThreshold, queryCountThresholdPercentage: percentage } = config;
  const names = bounded('excludedOperationNames', config.excludedOperationNames).map(({ name }) => name);
  return {
    ...secondsAgo('fromSeconds', config.from),
    ...secondsAgo('toSeconds', config.to),
    ...(queryCountThreshold == null ? {} : { countThreshold: queryCountThreshold }),
    ...(percentage == null ? {} : { percentageThreshold: percentage }),
    excludedClients: bounded('excludedClients', config.excludedClients).map(({ name, version }) => ({
      name: name ?? null,
      version: version ?? null,
    })),
    excludedOperationNames: names,
    ignoredOperations: bounded('ignoredOperations', config.ignoredOperations),
    includedVariants: bounded('includedVariants', config.includedVariants),
  };
}

/** The database compares all that was used with each. */
const LONGEST_LIST = 100;

/** @throws {RegistryError} BAD_REQUEST */
function bounded<Item>(name: string, items: readonly Item[] | null | undefined): readonly Item[] {
  const { length } = items ?? [];
  if (length <= LONGEST_LIST) return items ?? [];
  throw new RegistryError('BAD_REQUEST', `${name} has ${length} items; a check takes ${LONGEST_LIST} at most.`);
}

/** Rover writes seconds before now as a negative number: `-86400`, and now as `-0`. @throws {RegistryError} BAD_REQUEST */
function secondsAgo<Name extends string>(name: Name, text: string | null | undefined): { [key in Name]?: number } {
  if (text === null || text === undefined) return {};
  if (!/^-?\d{1,12}$/.test(text)) {
    throw new RegistryError('BAD_REQUEST', `"${text}" is not a number of seconds before now, such as -86400.`);
  }
  return { [name]: Math.abs(Number(text)) } as { [key in Name]?: number };
}
