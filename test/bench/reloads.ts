import { renameSync, writeFileSync } from 'node:fs';
import { ask } from './answers.ts';
import { type AtRest, readAtRest } from './at-rest.ts';
import { hotRate, NOTHING, sendFor, startSending } from './constant-rate.ts';
import { alone } from './extremes.ts';
import { type Gateway, MODES, ours } from './gateways.ts';
import { composeAt } from './graph.ts';
import type { Stream } from './open-loop.ts';
import { BOTH_CORES, GATEWAY_CORE, type RunningProcess } from './process.ts';
import type { Measured, Readings } from './readings.ts';
import type { Session } from './session.ts';
import { AFTER, AFTER_MARK } from './workloads/reload.ts';

/** Hot traffic at a constant rate while the graph changes under it, again and again, without a pause. */

export interface ReloadOptions {
  readonly rounds: number;
  /** Of the quiet run. */
  readonly seconds: number;
  readonly reloads: number;
  /** Of `RELOAD_LOADS`; all by default. */
  readonly loads?: readonly string[];
}

/** The loads by name, with the cores that the gateway may use. */
export const RELOAD_LOADS: ReadonlyMap<string, string> = new Map([
  ['reload on two cores', BOTH_CORES],
  ['reload on one core', GATEWAY_CORE],
]);

/** Measures those of the gateways that are ours: others have no address for `POST /reload`. */
export async function measureReloads(
  session: Session,
  gateways: readonly Gateway[],
  { rounds, seconds, reloads, loads = [...RELOAD_LOADS.keys()] }: ReloadOptions,
  readings: Readings,
): Promise<void> {
  const telling = gateways.flatMap(({ name }) => {
    const mode = MODES.get(name);
    return mode === undefined ? [] : [ours(name, mode, { telling: 'inside.ts' })];
  });
  for (const load of loads) {
    const cores = RELOAD_LOADS.get(load) ?? BOTH_CORES;
    for (let round = 0; round < rounds; round++) {
      for (const gateway of telling) {
        await alone(session, gateway, cores, async (process) => {
          const graphs = await createGraphs(process, gateway.name, {
            file: session.graph.supergraphFile,
            sdls: [composeAt(session.workload.subgraphs, session.port), composeAt(AFTER, session.port)],
            query: session.workload.query,
          });
          const rate = await hotRate(session, process.url);
          const hot: Stream = { name: 'hot', rate, queries: [session.workload.query], expected: graphs.answers };
          const [quiet = NOTHING] = await sendFor(seconds, process.url, [hot]);
          const before = await readAtRest(process);
          const traffic = startSending(process.url, [hot]);
          const began = performance.now();
          for (let count = 0; count < reloads; count++) await graphs.change();
          const each = (performance.now() - began) / reloads;
          const [reloading = NOTHING] = await traffic.stop();
          if (reloading.seen.some((count) => count === 0))
            throw new Error(`${gateway.name}: only one of the two graphs was asked: ${reloading.seen.join(', ')}`);
          await graphs.restore();
          const after = await readAtRest(process);
          readings.add(load, gateway.name, {
            'sent/s': rate,
            'quiet p50 ms': quiet.p50,
            'quiet p90 ms': quiet.p90,
            'quiet p99 ms': quiet.p99,
            'quiet max ms': quiet.max,
            'reloading p50 ms': reloading.p50,
            'reloading p90 ms': reloading.p90,
            'reloading p99 ms': reloading.p99,
            'reloading max ms': reloading.max,
            'ms/reload': each,
            ...toMeasures('before', before),
            ...toMeasures('after', after),
            failures: [quiet, reloading].reduce((sum, { failures, wrong }) => sum + failures + wrong, 0),
          });
        });
      }
    }
  }
}

export interface Graphs {
  /** The answers before and after the change. */
  readonly answers: readonly string[];
  /** Has the gateway serve the other graph. */
  change(): Promise<void>;
  /** Has it serve the one that it was started with. */
  restore(): Promise<void>;
}

/** Two graphs that a gateway serves in turn. */
export interface Changing {
  /** Where it finds the one that it is to serve. */
  readonly file: string;
  readonly sdls: readonly [before: string, after: string];
  /** Of whose answer the names are others afterwards, and nothing else is. */
  readonly query: string;
  /** Of who asks. */
  readonly token?: string | undefined;
}

/** Learns the answers on both graphs of a gateway that serves the first. */
export async function createGraphs(
  gateway: RunningProcess,
  name: string,
  { file, sdls, query, token }: Changing,
): Promise<Graphs> {
  let served = 0;

  const change = async () => {
    served = 1 - served;
    // All at once: nobody is to read half of it.
    writeFileSync(`${file}.next`, sdls[served] ?? '');
    renameSync(`${file}.next`, file);
    // A connection that stays open would count as one of the gateway's.
    const headers = { 'apollo-require-preflight': '1', connection: 'close' };
    const response = await fetch(`${gateway.adminUrl}/reload`, { method: 'POST', headers });
    const { outcome, error } = (await response.json()) as { outcome: string; error?: string };
    if (outcome !== 'changed') throw new Error(`${name} answers a reload with ${outcome}: ${error}`);
  };
  const restore = async () => {
    if (served === 1) await change();
  };

  const before = await ask(gateway.url, query, name, token);
  await change();
  const after = await ask(gateway.url, query, name, token);
  if (after === before || after.replaceAll(AFTER_MARK, '') !== before)
    throw new Error(`${name} answers otherwise after a reload than it must: ${after.slice(0, 500)}`);
  await restore();
  return { answers: [before, after], change, restore };
}

function toMeasures(when: 'before' | 'after', rest: AtRest): Partial<Record<Measured, number>> {
  return {
    [`threads ${when}`]: rest.threads,
    [`sockets ${when}`]: rest.sockets,
    [`heap MB ${when}`]: rest.heapMb,
    [`planner heap MB ${when}`]: rest.plannerHeapMb,
    [`map entries ${when}`]: rest.mapEntries + rest.setEntries,
  };
}
