import { alone, generateLoad } from './extremes.ts';
import type { Gateway } from './gateways.ts';
import type { Stream, StreamResult } from './open-loop.ts';
import { BOTH_CORES, GATEWAY_CORE } from './process.ts';
import type { Readings } from './readings.ts';
import type { Session } from './session.ts';
import { coldOperations } from './workloads/cold-operations.ts';
import { load } from './wrk.ts';

/** Hot traffic at a constant rate, alone and with a stream of operations beside it that the gateway has not seen. */

export interface BesideOptions {
  readonly rounds: number;
  /** Of each, quiet and beside. */
  readonly seconds: number;
  /** Cold operations per second. */
  readonly coldRate: number;
}

/** Of what the gateway can do at fifty connections. */
const SHARE_OF_CAPACITY = 0.3;
/** More than this the generator cannot send in time on half a core. */
const MOST_PER_SECOND = 1_000;

const NOTHING: StreamResult = { name: '', count: 0, p50: 0, p90: 0, p99: 0, max: 0, failures: 0, wrong: 0 };

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
          const hot: Stream = { name: 'hot', rate, queries: [session.workload.query], expected };
          const queries = coldOperations(Math.ceil(coldRate * (seconds + 1)) + 1, 3 + round);
          const cold: Stream = { name: 'cold', rate: coldRate, queries, isOnce: true };
          const [quiet = NOTHING] = await run(process.url, [hot], seconds);
          const [beside = NOTHING, colds = NOTHING] = await run(process.url, [hot, cold], seconds);
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

async function hotRate({ workload, directory }: Session, url: string): Promise<number> {
  const asked = { url, query: workload.query, connections: 50, directory };
  await load({ ...asked, seconds: 1 });
  const { requestsPerSecond } = await load({ ...asked, seconds: 2 });
  return Math.min(MOST_PER_SECOND, Math.max(1, Math.round(requestsPerSecond * SHARE_OF_CAPACITY)));
}

/** A second more, which is not counted: connections are opened, the generator's code is compiled. */
function run(url: string, streams: readonly Stream[], seconds: number): Promise<readonly StreamResult[]> {
  const bounds = { connections: 256, maxUnderWay: 5_000 };
  return generateLoad({ open: { url, streams, seconds: seconds + 1, warmUpSeconds: 1, ...bounds } });
}
