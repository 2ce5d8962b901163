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

/** The planner thread: it reads one supergraph, then does one task after the other. See `planner-thread.ts`. */

const { supergraphSdl, bounds, role } = workerData as PlannerWorkerData;

/** What is wrong with a text beyond this is not told: comparing all of a hostile one with the schema takes long. */
const MAX_VALIDATION_ERRORS = 100;

function send(message: PlannerStart | PlannerReply): void {
  const { user, system } = process.threadCpuUsage();
  parentPort?.postMessage({ ...message, cpuMs: (user + system) / 1_000 } satisfies PlannerMessage);
}

function tell(planner: LocalPlanner): TransferredFacts {
  const { apiSchema, schema, plan, ...rest } = planner;
  const facts = { ...rest, subgraphs: [...rest.subgraphs] };
  return { facts, schemas: { apiSchema: printInPieces(apiSchema), schema: printInPieces(schema) } };
}

function run(task: PlannerTask): PlannerReply {
  try {
    return { kind: 'done', result: perform(task) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // Planner and validation descend the operation on the stack.
    if (error instanceof RangeError) return { kind: 'refused', fault: 'too large', message };
    if (isPlannerBound(error)) return { kind: 'refused', fault: 'too many choices', message };
    return { kind: 'failed', message, stack };
  }
}

function perform(task: PlannerTask): TaskResults[PlannerTask['kind']] {
  if (task.kind === 'read') {
    second = build(task.supergraphSdl);
    return { first: known(first).required, second: second.required };
  }
  const planner = known(task.onSecond ? second : first);
  return task.kind === 'plan' ? plan(planner, task) : check(planner, task.text);
}

function known(planner: LocalPlanner | undefined): LocalPlanner {
  if (planner === undefined) throw new TypeError('this thread has not read that supergraph');
  return planner;
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

function build(sdl: string): LocalPlanner {
  return buildPlanner(sdl, { bounds, isValid: role === 'pair' });
}

let first: LocalPlanner | undefined;
let second: LocalPlanner | undefined;
try {
  first = build(supergraphSdl);
  parentPort?.on('message', (task: PlannerTask) => send(run(task)));
  send(role === 'first' ? { kind: 'ready', told: tell(first) } : { kind: 'ready' });
} catch (error) {
  send({ kind: 'unusable', message: error instanceof Error ? error.message : String(error) });
}
