import { BESIDE_LOADS, measureBeside } from './beside.ts';
import { type CachedOptions, HITTING, MISSING, measureCached } from './cached.ts';
import { measureCold, measureLarge } from './extremes.ts';
import { COMPUTING, GATEWAYS, type Gateway, isInstalled } from './gateways.ts';
import { GUARDING, type GuardedOptions, measureGuarded } from './guarded.ts';
import type { Measured, Readings } from './readings.ts';
import { measureReloads, RELOAD_LOADS, type ReloadOptions } from './reloads.ts';
import { inSession, type Session } from './session.ts';
import { TARGETS } from './targets.ts';
import { measureMemory, measureRounds, startContenders } from './throughput.ts';
import { large } from './workloads/large.ts';
import { reload } from './workloads/reload.ts';
import { w1 } from './workloads/w1.ts';
import { w2 } from './workloads/w2.ts';

/** How long each part of the whole takes. */
export interface Lengths {
  /** So long a workload may take; on a machine that is too busy for that it has fewer rounds. */
  readonly workloadSeconds: number;
  /** All gateways are measured, also where no target speaks of them. */
  readonly isWide: boolean;
  /** Those whose cold operations, large answers and latency are measured though no target speaks of them. */
  readonly atTheEdges: readonly string[];
  readonly plain: { readonly rounds: number; readonly seconds: number };
  readonly vary: { readonly rounds: number; readonly seconds: number };
  readonly delay: { readonly rounds: number; readonly seconds: number; readonly milliseconds: number } | undefined;
  readonly one: { readonly rounds: number; readonly seconds: number };
  /** Seconds of load before memory is read, besides the rounds. */
  readonly memorySeconds: number;
  readonly cold: { readonly rounds: number; readonly seconds: number };
  readonly large: { readonly rounds: number; readonly seconds: number };
  readonly beside: { readonly rounds: number; readonly seconds: number };
  readonly reload: ReloadOptions;
  readonly cached: Omit<CachedOptions, 'connections'>;
  readonly guard: Omit<GuardedOptions, 'connections'>;
}

/** Some ten minutes, half of them warming up: what the targets compare, and no more. */
export const SHORT: Lengths = {
  workloadSeconds: 90,
  isWide: false,
  atTheEdges: [],
  plain: { rounds: 3, seconds: 2 },
  vary: { rounds: 2, seconds: 2 },
  delay: undefined,
  one: { rounds: 2, seconds: 1 },
  memorySeconds: 0,
  cold: { rounds: 1, seconds: 6 },
  large: { rounds: 1, seconds: 4 },
  beside: { rounds: 1, seconds: 4 },
  reload: { rounds: 1, seconds: 4, reloads: 10, loads: ['reload on one core'] },
  cached: { rounds: 2, seconds: 2 },
  guard: { rounds: 3, seconds: 2 },
};

/** About an hour: for RESULTS.md. */
export const FULL: Lengths = {
  workloadSeconds: Number.POSITIVE_INFINITY,
  isWide: true,
  atTheEdges: ['grafbase nd', 'hive rust-planner nd'],
  plain: { rounds: 5, seconds: 5 },
  vary: { rounds: 4, seconds: 4 },
  delay: { rounds: 3, seconds: 4, milliseconds: 5 },
  one: { rounds: 3, seconds: 3 },
  memorySeconds: 60,
  cold: { rounds: 3, seconds: 120 },
  large: { rounds: 3, seconds: 10 },
  beside: { rounds: 3, seconds: 15 },
  reload: { rounds: 1, seconds: 60, reloads: 200 },
  cached: { rounds: 5, seconds: 4 },
  guard: { rounds: 7, seconds: 4 },
};

/** Whether a target compares this number of this gateway under one of these loads. */
const isJudged = (loads: readonly string[], gateway: string, measures?: readonly Measured[]) =>
  TARGETS.some(
    (target) =>
      loads.includes(target.load) &&
      (measures?.includes(target.measure) ?? true) &&
      (target.gateway === gateway || target.against?.includes(gateway)),
  );

/** The gateways by name; those of peers that are not installed are left out. */
export function gatewaysNamed(names: readonly string[]): readonly Gateway[] {
  return names.flatMap((name) => {
    const gateway = GATEWAYS.get(name);
    if (gateway === undefined)
      throw new TypeError(`there is no gateway "${name}"; there are ${[...GATEWAYS.keys()].join(', ')}`);
    return isInstalled(gateway) ? [gateway] : [];
  });
}

const CONNECTIONS = 50;
/** Per second, beside hot traffic. */
export const COLD_RATE = 10;
/** Distinct ones, sent once each. */
export const COLD_COUNT = 5_000;

/** Measures everything that the targets speak of. */
export async function runSuite(lengths: Lengths, readings: Readings, tell: (what: string) => void): Promise<void> {
  const installed = gatewaysNamed([...GATEWAYS.keys()]);
  const throughput = gatewaysNamed(COMPUTING).filter(
    ({ name }) => lengths.isWide || isJudged(['w1', 'w1 vary', 'w2', 'w2 vary'], name),
  );
  const keeping = gatewaysNamed([...HITTING, ...MISSING]);
  for (const workload of [w1, w2]) {
    tell(`${workload.name}: ${workload.title}`);
    await inSession(workload, (session) => measureThroughput(session, throughput, lengths, readings));
  }
  tell('what is kept, and what misses');
  for (const workload of [w1, w2])
    await inSession(workload, (session) =>
      measureCached(session, keeping, { ...lengths.cached, connections: CONNECTIONS }, readings),
    );
  tell('what the guard costs');
  await inSession(w2, (session) =>
    measureGuarded(session, gatewaysNamed(GUARDING), { ...lengths.guard, connections: CONNECTIONS }, readings),
  );
  const atTheEdge = (...loads: readonly string[]) =>
    installed.filter(({ name }) => isJudged(loads, name) || name === 'stock' || lengths.atTheEdges.includes(name));
  tell('cold operations');
  await inSession(w1, async (session) => {
    const options = { count: COLD_COUNT, connections: CONNECTIONS, ...lengths.cold };
    await measureCold(session, atTheEdge('cold'), options, readings);
  });
  tell('large answers');
  await inSession(large, (session) => measureLarge(session, atTheEdge('large'), lengths.large, readings));
  tell('hot traffic beside cold operations');
  await inSession(w1, async (session) => {
    const options = { coldRate: COLD_RATE, ...lengths.beside };
    await measureBeside(session, atTheEdge(...BESIDE_LOADS.keys()), options, readings);
  });
  tell('hot traffic while the graph changes');
  await inSession(reload, (session) =>
    measureReloads(session, atTheEdge(...RELOAD_LOADS.keys()), lengths.reload, readings),
  );
}

/** One workload: plain, from one connection, varying, late; and memory. */
async function measureThroughput(
  session: Session,
  gateways: readonly Gateway[],
  lengths: Lengths,
  readings: Readings,
): Promise<void> {
  const { name } = session.workload;
  const vary = `${name} vary`;
  const judged = gateways.filter((gateway) => lengths.isWide || isJudged([name, vary], gateway.name));
  const all = await startContenders(session, judged);
  const deadline = performance.now() + lengths.workloadSeconds * 1_000;
  const those = (load: string, measures?: readonly Measured[]) =>
    all.filter((contender) => lengths.isWide || isJudged([load], contender.name, measures));
  const measure = (load: string, contenders: typeof all, part: Lengths['plain'], connections = CONNECTIONS) =>
    measureRounds(session, contenders, { load, connections, deadline, ...part }, readings);

  await measure(name, all, lengths.plain);
  if (lengths.memorySeconds > 0) {
    const remembered = all.filter((one) => one.name === 'stock' || isJudged([name], one.name, ['RSS MB']));
    await measure(`${name} a minute`, remembered, { rounds: 1, seconds: lengths.memorySeconds });
  }
  measureMemory(name, all, readings);
  await measure(name, those(name, ['one connection p50 ms']), lengths.one, 1);
  await session.tell('vary/on');
  await measure(vary, those(vary), lengths.vary);
  await session.tell('vary/off');
  if (lengths.delay === undefined) return;
  await session.tell(`delay/${lengths.delay.milliseconds}`);
  await measure(`${name} delay ${lengths.delay.milliseconds} ms`, all, lengths.delay);
}
