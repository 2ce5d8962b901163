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

interface Answer {
  readonly data: unknown;
  readonly errors?: readonly { readonly path?: readonly (string | number)[] }[];
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
    const isSame = graph.isFaulty ? explain(written) === explain(expected) : answer === toAnswer(expected);
    if (isSame) return undefined;
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

/**
 * Data, and which of its nulls are explained by an error at the place or below it. More is not defined: of several errors
 * below a null, an executor may tell any, and the engine tells those of its fetches.
 */
function explain(answer: unknown): string {
  const { data, errors = [] } = answer as Answer;
  const explained = new Set<string>();
  for (const { path = [] } of errors) {
    let value = data;
    let index = 0;
    for (; value !== null && value !== undefined && index < path.length; index++) {
      value = (value as Record<string | number, unknown>)[path[index] ?? ''];
    }
    explained.add(value === null ? path.slice(0, index).join('.') : `no null at ${path.join('.')}`);
  }
  return JSON.stringify({ data, explained: [...explained].sort() });
}
