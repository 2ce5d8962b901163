import { parentPort, workerData } from 'node:worker_threads';
import { parse, validate } from 'graphql';
import { giveWayToOtherThreads } from '../service/thread-priority.ts';
import { applyConditions } from './conditions.ts';
import type { LocalPlanner } from './planner.ts';
import { isPlannerBound } from './planner-bounds.ts';
import type {
  PlannerMessage,
  PlannerReply,
  PlannerStart,
  PlannerTask,
  PlannerWorkerData,
  PlanTask,
  SizedPlan,
  TaskResults,
  TransferredFacts,
} from './planner-messages.ts';
import { printInPieces } from './schema-pieces.ts';

/** The planner thread: it builds one supergraph, then does one task after the other. See `planner-thread.ts`. */

const { supergraphSdl, bounds, tells } = workerData as PlannerWorkerData;

/** What is wrong with a text beyond this is not told: comparing all of a hostile one with the schema takes long. */
const MAX_VALIDATION_ERRORS = 100;

function send(message: PlannerStart | PlannerReply): void {
  const { user, system } = process.threadCpuUsage();
  parentPort?.postMessage({ ...message, cpuMs: (user + system) / 1_000 } satisfies PlannerMessage);
}

function tell(planner: LocalPlanner): TransferredFacts {
  const { apiSchema, schema, plan, ...rest } = planner;
  const facts = { ...rest, subgraphs: [...rest.subgraphs] };
  if (tells === 'facts') return { facts };
  return { facts, schemas: { apiSchema: printInPieces(apiSchema), schema: printInPieces(schema) } };
}

function run(planner: LocalPlanner, task: PlannerTask): PlannerReply {
  try {
    return { kind: 'done', result: task.kind === 'plan' ? plan(planner, task) : check(planner, task.text) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // Planner and validation descend the operation on the stack.
    if (error instanceof RangeError) return { kind: 'refused', fault: 'too large', message };
    if (isPlannerBound(error)) return { kind: 'refused', fault: 'too many choices', message };
    return { kind: 'failed', message, stack };
  }
}

function plan(planner: LocalPlanner, { document, operationName, conditions, labels }: PlanTask): SizedPlan {
  const operation = applyConditions(parse(document, { noLocation: true }), conditions);
  const planned = planner.plan(operation, operationName, labels);
  return { plan: planned, characters: JSON.stringify(planned).length };
}

function check({ apiSchema }: LocalPlanner, text: string): TaskResults['validate'] {
  const errors = validate(apiSchema, parse(text), undefined, { maxErrors: MAX_VALIDATION_ERRORS });
  return errors.map((error) => error.toJSON());
}

giveWayToOtherThreads();
// Only now, because loading the planner takes half of what a reload of a small graph takes (test/bench, reload).
const { buildPlanner } = await import('./planner.ts');
try {
  const planner = buildPlanner(supergraphSdl, bounds);
  parentPort?.on('message', (task: PlannerTask) => send(run(planner, task)));
  send(tells === 'nothing' ? { kind: 'ready' } : { kind: 'ready', told: tell(planner) });
} catch (error) {
  send({ kind: 'unusable', message: error instanceof Error ? error.message : String(error) });
}
