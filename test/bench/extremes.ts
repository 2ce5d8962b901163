import { ask, compare } from './answers.ts';
import { generateLoad } from './constant-rate.ts';
import { forgiving, type Gateway } from './gateways.ts';
import type { PassResult } from './once.ts';
import { GATEWAY_CORE, type RunningProcess } from './process.ts';
import type { Readings } from './readings.ts';
import type { Session } from './session.ts';
import { coldOperations } from './workloads/cold-operations.ts';
import { load } from './wrk.ts';

/** Cold operations and large answers: what a gateway does at its edges. */

/** Starts a gateway for as long as `work` takes. */
export async function alone(
  session: Session,
  gateway: Gateway,
  cores: string,
  work: (process: RunningProcess) => Promise<void>,
): Promise<void> {
  await forgiving(gateway, async () => {
    const process = await session.startUnasked(gateway, cores);
    try {
      await work(process);
    } finally {
      await process.close();
    }
  });
}

export interface ColdOptions {
  readonly count: number;
  readonly rounds: number;
  /** A round ends then, though not all may have been sent. */
  readonly seconds: number;
  readonly connections: number;
}

const COMPARED = 20;

/** Operations of the session's graph that are sent once each to a gateway that has just started. */
export async function measureCold(
  session: Session,
  gateways: readonly Gateway[],
  { count, rounds, seconds, connections }: ColdOptions,
  readings: Readings,
): Promise<void> {
  const compared = coldOperations(COMPARED, 2);
  let references: readonly string[] | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const gateway of gateways) {
      await alone(session, gateway, GATEWAY_CORE, async (process) => {
        const { name } = gateway;
        const answers: string[] = [];
        for (const query of compared) answers.push(await ask(process.url, query, name));
        references ??= answers;
        for (const [index, answer] of answers.entries())
          compare(answer, references[index] ?? '', `${name}, ${compared[index]}`);
        const pass = { url: process.url, queries: coldOperations(count), connections, seconds };
        const { requestsPerSecond, p50, p99, failures } = await generateLoad<PassResult>({ once: pass });
        readings.add('cold', name, { 'req/s': requestsPerSecond, 'p50 ms': p50, 'p99 ms': p99, failures });
      });
    }
  }
}

/** One connection that asks for the large answer again and again; memory in multiples of the answer, over the idle gateway. */
export async function measureLarge(
  session: Session,
  gateways: readonly Gateway[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  readings: Readings,
): Promise<void> {
  const { workload, directory } = session;
  for (let round = 0; round < rounds; round++) {
    for (const gateway of gateways) {
      await alone(session, gateway, GATEWAY_CORE, async (idle) => {
        const idleMb = idle.memoryMb();
        idle.resetPeak();
        const text = await ask(idle.url, workload.query, gateway.name);
        const measured = await load({ url: idle.url, query: workload.query, connections: 1, seconds, directory });
        const { requestsPerSecond, p50, p99, failures } = measured;
        readings.add('large', gateway.name, {
          'req/s': requestsPerSecond,
          'p50 ms': p50,
          'p99 ms': p99,
          'RSS MB': idle.peakMb(),
          'growth × answer': (idle.peakMb() - idleMb) / (Buffer.byteLength(text) / 1_048_576),
          failures,
        });
        await session.check(idle.url, gateway.name);
      });
    }
  }
}
