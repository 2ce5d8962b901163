import { hotRate, NOTHING, sendFor } from './constant-rate.ts';
import { alone } from './extremes.ts';
import type { Gateway } from './gateways.ts';
import type { Stream } from './open-loop.ts';
import { BOTH_CORES, GATEWAY_CORE } from './process.ts';
import type { Readings } from './readings.ts';
import type { Session } from './session.ts';
import { coldOperations } from './workloads/cold-operations.ts';

/** Hot traffic at a constant rate, alone and with a stream of operations beside it that the gateway has not seen. */

export interface BesideOptions {
  readonly rounds: number;
  /** Of each, quiet and beside. */
  readonly seconds: number;
  /** Cold operations per second. */
  readonly coldRate: number;
}

/** The loads by name, with the cores that the gateway may use. */
export const BESIDE_LOADS: ReadonlyMap<string, string> = new Map([
  ['hot on two cores', BOTH_CORES],
  ['hot on one core', GATEWAY_CORE],
]);

/** Measures each gateway unpinned on both cores and pinned to one. */
export async function measureBeside(
  session: Session,
  gateways: readonly Gateway[],
  { rounds, seconds, coldRate }: BesideOptions,
  readings: Readings,
): Promise<void> {
  for (const [name, cores] of BESIDE_LOADS) {
    for (let round = 0; round < rounds; round++) {
      for (const gateway of gateways) {
        await alone(session, gateway, cores, async (process) => {
          const expected = await session.check(process.url, gateway.name);
          const rate = await hotRate(session, process.url);
          const hot: Stream = { name: 'hot', rate, queries: [session.workload.query], expected: [expected] };
          const queries = coldOperations(Math.ceil(coldRate * (seconds + 1)) + 1, 3 + round);
          const cold: Stream = { name: 'cold', rate: coldRate, queries, isOnce: true };
          const [quiet = NOTHING] = await sendFor(seconds, process.url, [hot]);
          const [beside = NOTHING, colds = NOTHING] = await sendFor(seconds, process.url, [hot, cold]);
          readings.add(name, gateway.name, {
            'sent/s': rate,
            'quiet p50 ms': quiet.p50,
            'quiet p90 ms': quiet.p90,
            'quiet p99 ms': quiet.p99,
            'quiet max ms': quiet.max,
            'beside p50 ms': beside.p50,
            'beside p90 ms': beside.p90,
            'beside p99 ms': beside.p99,
            'beside max ms': beside.max,
            'cold p50 ms': colds.p50,
            'cold p99 ms': colds.p99,
            failures: [quiet, beside, colds].reduce((sum, { failures, wrong }) => sum + failures + wrong, 0),
          });
          await session.check(process.url, gateway.name);
        });
      }
    }
  }
}
