import { setTimeout as pause } from 'node:timers/promises';
import type { Inside, RunningProcess } from './process.ts';

/** What a gateway holds when nothing is under way. */
export interface AtRest extends Inside {
  readonly rssMb: number;
  readonly threads: number;
  readonly sockets: number;
}

/** Its clients, and it itself, close connections that were idle for four seconds. */
const REST_MS = 6_000;

/** Waits until the gateway has come to rest; then reads what it holds. It must be one that tells. */
export async function readAtRest(gateway: RunningProcess): Promise<AtRest> {
  await pause(REST_MS);
  const counts = { threads: gateway.threads(), sockets: gateway.sockets() };
  const inside = await gateway.inside();
  return { ...inside, ...counts, rssMb: gateway.memoryMb() };
}
