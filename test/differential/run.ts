import { type Difference, findDifference } from './compare.ts';
import { type RunningGraph, startGraph } from './engine.ts';
import { scatterFaults } from './faults.ts';
import { generateModel } from './generate-model.ts';
import { generateOperation } from './generate-operation.ts';
import { createRandom, hash } from './random.ts';
import { shrink } from './shrink.ts';

export interface DifferentialOptions {
  readonly seed: number;
  /** How many operations are executed. */
  readonly cases: number;
  /** Where to begin: a graph that failed before. */
  readonly firstGraph?: number;
  /** Stop after this many graphs on which something differs. */
  readonly mostFailures?: number;
  readonly onProgress?: (done: number) => void;
}

/** A graph and the smallest operation found on which the answers differ. */
export interface Failure extends Difference {
  readonly graph: number;
  readonly running: RunningGraph;
}

const OPERATIONS_PER_GRAPH = 25;

/** Runs random operations on random graphs. @returns what differs, at most one operation of each graph */
export async function runDifferential(options: DifferentialOptions): Promise<Failure[]> {
  const { seed, cases, firstGraph = 0, mostFailures = 1, onProgress } = options;
  const failures: Failure[] = [];
  let done = 0;
  for (let graph = firstGraph; done < cases && failures.length < mostFailures; graph++) {
    const model = generateModel(createRandom(hash(seed, graph)));
    // An object of an `@interfaceObject` can lose its type with a fault, and nobody knows what it was to answer.
    const isTyped = [...model.types.values()].every((type) => type.kind !== 'interface' || type.object === undefined);
    const isFaulty = isTyped && hash(seed, graph, 'faults') % 3 === 0;
    const running = startGraph(model, isFaulty ? scatterFaults(model, hash(seed, graph)) : undefined);
    if (running === undefined) continue;
    for (let number = 0; number < OPERATIONS_PER_GRAPH && done < cases; number++, done++) {
      const operation = generateOperation(running.apiSchema, createRandom(hash(seed, graph, number)));
      const difference = await findDifference(running, operation);
      if (difference === undefined) continue;
      failures.push({ ...(await shrink(running, difference)), graph, running });
      break;
    }
    onProgress?.(done);
  }
  return failures;
}
