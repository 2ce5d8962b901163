import { setImmediate } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import type { SupergraphFacts } from './planner.ts';
import type { PlanTask, TaskResults, Telling, TransferredFacts } from './planner-messages.ts';
import { type PlanningOptions, startPlannerThreads, type Work } from './planner-threads.ts';
import { readInPieces } from './schema-pieces.ts';

/** One supergraph, ready to check and plan operations in threads of its own. */
export interface OpenPlanner extends SupergraphFacts {
  /** Checks a text that parses by the rules of the specification, section 5. At most a hundred errors are told. */
  validate(text: string, client: string): Work<TaskResults['validate']>;
  /** Plans one operation of a document that is valid for clients, made plannable first. */
  plan(operation: Omit<PlanTask, 'kind'>, client: string): Work<TaskResults['plan']>;
  /** Ends the threads. What still waits is refused. */
  close(): Promise<void>;
}

/** And with its schemas, for who serves it. */
export interface Planner extends OpenPlanner {
  /** What clients see: without federation's own elements and without what is `@inaccessible`. */
  readonly apiSchema: GraphQLSchema;
  /** Everything, as the subgraphs know it. */
  readonly schema: GraphQLSchema;
}

/**
 * Reads a supergraph schema (the composed SDL) in threads, which then plan on it.
 *
 * @throws {Error} in the planner's words when it is not a supergraph schema, or needs features that are not known
 */
export function openPlanner(supergraphSdl: string, options: PlanningOptions): Promise<OpenPlanner> {
  return start(supergraphSdl, 'facts', options, async (planner) => planner);
}

/**
 * The same for who needs the schemas: this thread builds them from what the others tell, piece by piece.
 *
 * @throws as `openPlanner` does
 */
export function createPlanner(supergraphSdl: string, options: PlanningOptions): Promise<Planner> {
  return start(supergraphSdl, 'facts and schemas', options, async (planner, { schemas }) => {
    if (schemas === undefined) throw new TypeError('the threads do not tell the schemas');
    await setImmediate();
    const apiSchema = await readInPieces(schemas.apiSchema);
    return { ...planner, apiSchema, schema: await readInPieces(schemas.schema) };
  });
}

async function start<Made extends OpenPlanner>(
  supergraphSdl: string,
  wanted: Exclude<Telling, 'nothing'>,
  options: PlanningOptions,
  finish: (planner: OpenPlanner, told: TransferredFacts) => Promise<Made>,
): Promise<Made> {
  const threads = startPlannerThreads(supergraphSdl, wanted, options);
  try {
    const told = await threads.ready;
    const planner: OpenPlanner = {
      ...told.facts,
      validate: (text, client) => threads.order({ kind: 'validate', text }, client),
      plan: (operation, client) => threads.order({ kind: 'plan', ...operation }, client),
      close: threads.close,
    };
    return await finish(planner, told);
  } catch (error) {
    await threads.close();
    throw error;
  }
}
