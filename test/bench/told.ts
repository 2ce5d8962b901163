import { startCollector } from '../support/collector.ts';
import { MODES, ours } from './gateways.ts';
import type { Readings } from './readings.ts';
import type { Session } from './session.ts';
import { measureRounds, startContenders } from './throughput.ts';

/** What telemetry costs: a line in the log for each request, metrics, and spans of each hundredth request; against none of it. Nothing is shared. */

export const [QUIET, TOLD] = ['tributary quiet', 'tributary told'] as const;

/** How the readings of a workload are called. */
export const telemetryLoad = (workload: string) => `${workload} telemetry`;

export interface ToldOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Two processes of the same code differ by a tenth, for as long as they live: so each is started anew so many times. */
const LAUNCHES = 4;

/** Alternating rounds of the two. @throws when it was not told what it was to be told */
export async function measureTold(session: Session, options: ToldOptions, readings: Readings): Promise<void> {
  const mode = MODES.get('tributary nd');
  if (mode === undefined) throw new TypeError('there is a mode that shares nothing');
  const collector = await startCollector();
  try {
    const environment = {
      GATEWAY_TELEMETRY_REQUEST_LOG_IS_ENABLED: 'true',
      GATEWAY_TELEMETRY_METRICS_IS_ENABLED: 'true',
      GATEWAY_TELEMETRY_TRACES_ENDPOINT: collector.endpoint,
    };
    const rounds = Math.ceil(options.rounds / LAUNCHES);
    const load = telemetryLoad(session.workload.name);
    for (let launch = 0; launch < LAUNCHES; launch++) {
      const both = [ours(QUIET, mode), ours(TOLD, mode, { environment })];
      const contenders = await startContenders(session, launch % 2 === 0 ? both : both.toReversed());
      await measureRounds(session, contenders, { load, ...options, rounds }, readings);
      for (const { process } of contenders) {
        process.resume();
        await process.end();
      }
    }
    if (collector.spans.length === 0) throw new Error('no span was sent');
  } finally {
    await collector.close();
  }
}
