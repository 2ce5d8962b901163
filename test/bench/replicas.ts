import { NOTHING, sendFor } from './constant-rate.ts';
import { MODES, ours } from './gateways.ts';
import type { Stream } from './open-loop.ts';
import type { Readings } from './readings.ts';
import { startServices } from './services.ts';
import type { Contender, Session } from './session.ts';
import { awake } from './throughput.ts';

/** Two replicas of every subgraph, first both as quick as they are, then one of them twenty times slower: what that does to the p99 of everybody. */

/** How the readings are called. */
export const REPLICAS_LOAD = 'one of two replicas is slow';

/** Each policy of the balancer, by the name of the gateway that has it. */
export const BALANCED: ReadonlyMap<string, string> = new Map([
  ['tributary least-loaded', 'least-loaded'],
  ['tributary round-robin', 'round-robin'],
]);

/** Milliseconds that a replica takes for an answer. */
const [QUICK_MS, SLOW_MS] = [2, 40];
/** Per second, with two calls each. */
const RATE = 300;

export interface ReplicasOptions {
  readonly rounds: number;
  /** Of each, both quick and one slow. */
  readonly seconds: number;
}

/** Measures each policy in each round; `quiet` is with two that are quick. */
export async function measureReplicas(
  session: Session,
  { rounds, seconds }: ReplicasOptions,
  readings: Readings,
): Promise<void> {
  const services = startServices();
  try {
    const { name: workload, subgraphs, query } = session.workload;
    const other = await services.start('subgraphs.ts', workload);
    const set = async (what: string) => (await fetch(`http://${other}/${what}`)).text();
    const contenders = await startBalanced(session, Object.keys(subgraphs), [`127.0.0.1:${session.port}`, other]);
    const hot = { name: 'hot', rate: RATE, queries: [query] };
    await session.tell(`delay/${QUICK_MS}`);
    for (let round = 0; round < rounds; round++)
      for (const contender of contenders)
        await awake(contender, async () => {
          const { process, name } = contender;
          const stream: Stream = { ...hot, expected: [await session.check(process.url, name)] };
          await set(`delay/${QUICK_MS}`);
          const [quiet = NOTHING] = await sendFor(seconds, process.url, [stream]);
          await Promise.all([session.tell('count'), set('count')]);
          await set(`delay/${SLOW_MS}`);
          const [beside = NOTHING] = await sendFor(seconds, process.url, [stream]);
          const [quick, slow] = [Number(await session.tell('count')), Number(await set('count'))];
          readings.add(REPLICAS_LOAD, name, {
            'sent/s': RATE,
            'quiet p50 ms': quiet.p50,
            'quiet p99 ms': quiet.p99,
            'quiet max ms': quiet.max,
            'beside p50 ms': beside.p50,
            'beside p99 ms': beside.p99,
            'beside max ms': beside.max,
            'slow one %': (100 * slow) / (quick + slow),
            failures: quiet.failures + quiet.wrong + beside.failures + beside.wrong,
          });
        });
    for (const { process } of contenders) await process.close();
  } finally {
    await services.close();
  }
}

async function startBalanced(
  session: Session,
  subgraphs: readonly string[],
  replicas: readonly string[],
): Promise<readonly Contender[]> {
  const mode = MODES.get('tributary nd');
  if (mode === undefined) throw new TypeError('there is a mode that shares nothing');
  const contenders: Contender[] = [];
  for (const [name, policy] of BALANCED) {
    const environment = { ...addressesOf(subgraphs, replicas), GATEWAY_UPSTREAM_DEFAULTS_BALANCE_POLICY: policy };
    const contender = await session.start(ours(name, mode, { environment }));
    contender.process.pause();
    contenders.push(contender);
  }
  return contenders;
}

/** The addresses of all subgraphs that several processes serve, by the names of the options in the environment. */
export function addressesOf(
  subgraphs: readonly string[],
  replicas: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    subgraphs.map((subgraph) => [
      `GATEWAY_UPSTREAM_${subgraph.toUpperCase()}_URLS`,
      replicas.map((replica) => `http://${replica}/${subgraph}`).join(),
    ]),
  );
}
