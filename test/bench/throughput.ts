import { watchCores } from './cores.ts';
import { forgiving, type Gateway } from './gateways.ts';
import type { Readings } from './readings.ts';
import type { Contender, Session } from './session.ts';
import { type Language, load } from './wrk.ts';

export interface Rounds {
  /** How the readings are called; the workload's name by default. */
  readonly load: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly language?: Language;
  /** After this instant of `performance.now()` no round but the first is begun. */
  readonly deadline?: number;
}

/**
 * Starts all gateways, warms each with what it is measured with, and lets them stand still until they are.
 *
 * @param language as in `Rounds`
 */
export async function startContenders(
  session: Session,
  gateways: readonly Gateway[],
  language: Language = 'none',
): Promise<readonly Contender[]> {
  const contenders: Contender[] = [];
  for (const gateway of gateways) {
    if (gateway.cannot?.includes(session.workload.name)) continue;
    await forgiving(gateway, async () => {
      const contender = await session.start(gateway);
      await warmUp(async () => {
        const measured = await load({ ...loading(session, contender), connections: 50, seconds: 1, language });
        return measured.requestsPerSecond;
      });
      contender.process.pause();
      contenders.push(contender);
    });
  }
  return contenders;
}

/** Seconds of load that bring nothing new end a warm-up; so does the last of so many. */
const WARM_UP = { idleSeconds: 3, mostSeconds: 15, isFaster: 1.05 };

/**
 * Asks of a gateway what it is asked in measuring until it becomes no faster. Where there is more code, more is compiled while it runs:
 * who is measured before that is measured compiling (W2 here: 3,900 requests in its first second, 11,000 in its seventh).
 *
 * @param ask for a second. Returns the requests of it
 */
export async function warmUp(ask: () => Promise<number>): Promise<void> {
  let best = 0;
  let idle = 0;
  for (let second = 0; second < WARM_UP.mostSeconds && idle < WARM_UP.idleSeconds; second++) {
    const requests = await ask();
    idle = requests > best * WARM_UP.isFaster ? 0 : idle + 1;
    best = Math.max(best, requests);
  }
}

/** Alternating rounds: each round measures every gateway once, so that what the machine does meanwhile meets all of them. */
export async function measureRounds(
  session: Session,
  contenders: readonly Contender[],
  { load: name, rounds, seconds, connections, language, deadline = Number.POSITIVE_INFINITY }: Rounds,
  readings: Readings,
): Promise<void> {
  for (let round = 0; round < rounds && (round === 0 || performance.now() < deadline); round++) {
    // Whoever comes first in one is last in the next: what comes after what is no advantage.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      await awake(contender, async () => {
        await session.tell('count');
        await session.tell('busy');
        const cpuMs = contender.process.cpuMs();
        const cores = watchCores();
        const measured = await load({
          ...loading(session, contender),
          connections,
          seconds,
          ...(language && { language }),
        });
        const [gatewayCore = 0, loadCore = 0] = cores();
        const cpu = contender.process.cpuMs() - cpuMs;
        const busy = Number(await session.tell('busy'));
        const fetches = Number(await session.tell('count'));
        await session.recheck(contender);
        const { requestsPerSecond, p50, p99, failures } = measured;
        if (connections === 1) {
          readings.add(name, contender.name, { failures, ...(p50 > 0 ? { 'one connection p50 ms': p50 } : {}) });
          return;
        }
        const requests = requestsPerSecond * seconds;
        readings.add(name, contender.name, {
          'req/s': requestsPerSecond,
          'gateway core %': gatewayCore,
          'load core %': loadCore,
          'subgraphs %': busy * 100,
          failures,
        });
        // A round in which nothing was answered has no latencies and no costs of a request.
        if (requests > 0)
          readings.add(name, contender.name, {
            'p50 ms': p50,
            'p99 ms': p99,
            'p99/p50': p99 / p50,
            'fetches/req': fetches / requests,
            'CPU ms/req': cpu / requests,
          });
      });
    }
  }
}

/** Resident memory of each, while it stands. */
export function measureMemory(name: string, contenders: readonly Contender[], readings: Readings): void {
  for (const contender of contenders) readings.add(name, contender.name, { 'RSS MB': contender.process.memoryMb() });
}

/** Lets a paused gateway go on for as long as `work` takes. */
export async function awake(contender: Contender, work: () => Promise<void>): Promise<void> {
  contender.process.resume();
  await forgiving(contender.gateway, work);
  contender.process.pause();
  await contender.gateway.tidy?.();
}

const loading = ({ workload, directory }: Session, { process, tokens }: Contender) => ({
  tokens,
  url: process.url,
  query: workload.query,
  directory,
});
