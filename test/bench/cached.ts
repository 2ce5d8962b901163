import type { Gateway } from './gateways.ts';
import type { Readings } from './readings.ts';
import type { Session } from './session.ts';
import { measureMemory, measureRounds, startContenders } from './throughput.ts';

/** What comes whole from a cache. */
export const cachedLoad = (workload: string) => `${workload} cached`;
/** What could be kept, and is asked for once. */
export const missedLoad = (workload: string) => `${workload} missed`;

/** Answers that are computed are the measure of those that come from a cache. */
export const HITTING = [
  'stock',
  'tributary l1',
  'tributary redis',
  'stock cached',
  'hive rust-planner cached',
  'mercurius jit cached',
];
export const MISSING = ['tributary nd', 'tributary nd l1', 'tributary nd redis'];

export interface CachedOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/**
 * Subgraphs say of every answer that it may be kept for a minute. First every request is the same: it comes from a cache where there is
 * one. Then each has an `accept-language` that never came before: that header travels to the subgraphs and is part of the key of whole
 * responses, of fetches and of entities, so everything misses on every layer and is kept, while what is executed is the same to
 * the byte (another variable or comment would be another call to the subgraphs, or another operation to parse and plan).
 */
export async function measureCached(
  session: Session,
  gateways: readonly Gateway[],
  { rounds, seconds, connections }: CachedOptions,
  readings: Readings,
): Promise<void> {
  const { name } = session.workload;
  await session.tell('keep/on');
  for (const [load, names, language] of [
    [cachedLoad(name), HITTING, 'one'],
    [missedLoad(name), MISSING, 'each'],
  ] as const) {
    const contenders = await startContenders(
      session,
      gateways.filter((gateway) => names.includes(gateway.name)),
      language,
    );
    await measureRounds(session, contenders, { load, rounds, seconds, connections, language }, readings);
    measureMemory(load, contenders, readings);
    for (const { process } of contenders) await process.close();
  }
  await session.tell('keep/off');
}
