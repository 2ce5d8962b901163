import { parse } from 'graphql';
import type { RunningGraph } from './engine.ts';
import type { Operation } from './generate-operation.ts';
import { executeMerged } from './merged.ts';

/** An operation on which the engine and the merged schema do not agree. */
export interface Difference {
  readonly operation: Operation;
  readonly expected: unknown;
  readonly received: unknown;
}

/** Executes an operation both ways. @returns `undefined` when the answers are the same, their keys in the same order */
export async function findDifference(graph: RunningGraph, operation: Operation): Promise<Difference | undefined> {
  const expected = executeMerged(graph, parse(operation.query), operation.variables);
  let received: unknown;
  try {
    const { written, completed } = await graph.execute(operation);
    const answer = toAnswer(written);
    const again = toAnswer(JSON.parse(JSON.stringify(completed)));
    if (answer !== again) return { operation, expected: again, received: answer };
    if (answer === toAnswer(expected)) return undefined;
    received = written;
  } catch (error) {
    received = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return { operation, expected, received };
}

/** Data with its keys in order, and where the errors are; messages differ by right. */
function toAnswer(answer: unknown): string {
  const { data, errors = [] } = answer as {
    data: unknown;
    errors?: readonly { path?: readonly (string | number)[] }[];
  };
  return JSON.stringify({ data, errors: errors.map(({ path = [] }) => path.join('.')).sort() });
}
