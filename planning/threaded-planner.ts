import { setImmediate } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import type { SupergraphFacts } from './planner.ts';
import type { PlanTask, TaskResults } from './planner-messages.ts';
import { type PlanningOptions, startPlannerThreads, type Work } from './planner-threads.ts';
import { readInPieces } from './schema-pieces.ts';

/** One supergraph, ready to check and plan operations in threads of its own. */
export interface Planner extends SupergraphFacts {
  /** What clients see: without federation's own elements and without what is `@inaccessible`. */
  readonly apiSchema: GraphQLSchema;
  /** Everything, as the subgraphs know it. */
  readonly schema: GraphQLSchema;
  /** Checks a text that parses by the rules of the specification, section 5. At most a hundred errors are told. */
  validate(text: string, client: string): Work<TaskResults['validate']>;
  /** Plans one operation of a document that is valid for clients, made plannable first. */
  plan(operation: Omit<PlanTask, 'kind' | 'onSecond'>, client: string): Work<TaskResults['plan']>;
  /** Ends the threads. What still waits is refused. */
  close(): Promise<void>;
}

/**
 * Reads a supergraph schema (the composed SDL) in threads, which then plan on it. This thread only builds two schemas from
 * what they tell, piece by piece.
 *
 * @throws {Error} in the planner's words when it is not a supergraph schema, or needs features that are not known
 */
export async function createPlanner(supergraphSdl: string, options: PlanningOptions): Promise<Planner> {
  const threads = startPlannerThreads(supergraphSdl, options);
  try {
    const { facts, schemas } = await threads.ready;
    await setImmediate();
    return {
      ...facts,
      apiSchema: await readInPieces(schemas.apiSchema),
      schema: await readInPieces(schemas.schema),
      validate: (text, client) => threads.order({ kind: 'validate', text }, client),
      plan: (operation, client) => threads.order({ kind: 'plan', ...operation }, client),
      close: threads.close,
    };
  } catch (error) {
    await threads.close();
    throw error;
  }
}
