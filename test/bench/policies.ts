import { MODES, ours } from './gateways.ts';
import type { Readings } from './readings.ts';
import { addressesOf } from './replicas.ts';
import { startServices } from './services.ts';
import type { Contender, Session } from './session.ts';
import { awake, measureRounds, startContenders } from './throughput.ts';

/** What balance, breaker, retry, limit and deadline cost: the same gateway with them and without, on the same traffic, nothing shared. */

/** Nothing before the connections, see `bare/use.ts`; all that there is, before one address; the same before two of each subgraph. */
export const [BARE, GOVERNED, BALANCED] = ['tributary bare', 'tributary governed', 'tributary balanced'] as const;

/** How the readings of a workload are called. */
export const policiesLoad = (workload: string) => `${workload} policies`;

export interface PoliciesOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Alternating rounds of the three. */
export async function measurePolicies(session: Session, options: PoliciesOptions, readings: Readings): Promise<void> {
  const mode = MODES.get('tributary nd');
  if (mode === undefined) throw new TypeError('there is a mode that shares nothing');
  const { name, subgraphs } = session.workload;
  const services = startServices();
  try {
    const replicas = [`127.0.0.1:${session.port}`, await services.start('subgraphs.ts', name)];
    const contenders = await startContenders(session, [
      ours(BARE, mode, { nodeFlags: ['--import', new URL('bare/use.ts', import.meta.url).href] }),
      ours(GOVERNED, mode),
      ours(BALANCED, mode, { environment: addressesOf(Object.keys(subgraphs), replicas) }),
    ]);
    await measureRounds(session, contenders, { load: policiesLoad(name), ...options }, readings);
    for (const contender of contenders) {
      await awake(contender, () => checkNoted(contender));
      await contender.process.close();
    }
  } finally {
    await services.close();
  }
}

/** Throws unless it was measured as it is called: who has policies has taken note of how long calls took, who has none has not. */
async function checkNoted({ name, process: { adminUrl } }: Contender): Promise<void> {
  const { subgraphs } = (await (await fetch(`${adminUrl}/upstreams`)).json()) as {
    subgraphs: Record<string, { latencyMs: number }[]>;
  };
  const isNoting = Object.values(subgraphs).some((addresses) => addresses.some(({ latencyMs }) => latencyMs > 0));
  if (isNoting === (name === BARE)) throw new Error(`${name} says of its calls: ${JSON.stringify(subgraphs)}`);
}
