import { measureBeside } from './beside.ts';
import { measureCached } from './cached.ts';
import { measureCold, measureLarge } from './extremes.ts';
import type { Gateway } from './gateways.ts';
import { measureGuarded } from './guarded.ts';
import { measurePolicies } from './policies.ts';
import { measureProxied } from './proxied.ts';
import type { Readings } from './readings.ts';
import { measureReloads } from './reloads.ts';
import { measureReplicas } from './replicas.ts';
import { inSession, type Session } from './session.ts';
import { measureMemory, measureRounds, startContenders } from './throughput.ts';
import { measureTold } from './told.ts';
import { WORKLOADS } from './workloads/all.ts';
import { large } from './workloads/large.ts';
import { reload } from './workloads/reload.ts';
import { w1 } from './workloads/w1.ts';
import { w2 } from './workloads/w2.ts';
import type { Workload } from './workloads/workload.ts';

/** Chosen gateways under a chosen load: for looking at one thing. */
export interface ChosenOptions {
  readonly gateways: readonly Gateway[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly isVarying: boolean;
  readonly delayMs: number;
  /** Cold operations per second beside hot traffic, and how many there are at all. */
  readonly coldRate: number;
  readonly coldCount: number;
  readonly reloads: number;
}

/** The workload called so. @throws TypeError that lists those there are */
export function workloadNamed(name: string): Workload {
  const workload = WORKLOADS.get(name);
  if (workload === undefined)
    throw new TypeError(`there is no workload "${name}"; there are ${[...WORKLOADS.keys()].join(', ')}`);
  return workload;
}

/** Measures `name`: w1 or w2; `one`, both from one connection; `cached`, both; `policies` and `telemetry`, both; `cold`, `large`, `hot`, `guard`, `proxy`, `replicas` or `reload`. */
export async function measureChosen(name: string, options: ChosenOptions, readings: Readings): Promise<void> {
  const { gateways } = options;
  if (name === 'cold')
    await inSession(w1, (session) =>
      measureCold(session, gateways, { ...options, count: options.coldCount }, readings),
    );
  else if (name === 'large') await inSession(large, (session) => measureLarge(session, gateways, options, readings));
  else if (name === 'hot') await inSession(w1, (session) => measureBeside(session, gateways, options, readings));
  else if (name === 'guard') await inSession(w2, (session) => measureGuarded(session, gateways, options, readings));
  else if (name === 'proxy') await inSession(w2, (session) => measureProxied(session, options, readings));
  else if (name === 'replicas') await inSession(w2, (session) => measureReplicas(session, options, readings));
  else if (name === 'policies') {
    for (const each of [w1, w2]) await inSession(each, (session) => measurePolicies(session, options, readings));
  } else if (name === 'telemetry') {
    for (const each of [w1, w2]) await inSession(each, (session) => measureTold(session, options, readings));
  } else if (name === 'reload')
    await inSession(reload, (session) => measureReloads(session, gateways, options, readings));
  else if (name === 'one') {
    for (const each of ['w1', 'w2'])
      await inSession(workloadNamed(each), (session) => measureSet(session, { ...options, connections: 1 }, readings));
  } else if (name === 'cached') {
    for (const each of ['w1', 'w2'])
      await inSession(workloadNamed(each), (session) => measureCached(session, gateways, options, readings));
  } else await inSession(workloadNamed(name), (session) => measureSet(session, options, readings));
}

async function measureSet(session: Session, options: ChosenOptions, readings: Readings): Promise<void> {
  const { isVarying, delayMs, gateways } = options;
  const load = `${session.workload.name}${isVarying ? ' vary' : ''}${delayMs > 0 ? ` delay ${delayMs} ms` : ''}`;
  const contenders = await startContenders(session, gateways);
  if (isVarying) await session.tell('vary/on');
  await session.tell(`delay/${delayMs}`);
  await measureRounds(session, contenders, { ...options, load }, readings);
  measureMemory(load, contenders, readings);
}
