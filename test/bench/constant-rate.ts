import type { LoadOrder } from './load-generator.ts';
import type { Stream, StreamResult } from './open-loop.ts';
import { runOnLoadCore, startOnLoadCore } from './process.ts';
import type { Session } from './session.ts';
import { load } from './wrk.ts';

/** Traffic at a constant rate, from the load generator's process. */

/** Of what the gateway can do at fifty connections. */
const SHARE_OF_CAPACITY = 0.3;
/** More than this the generator cannot send in time on half a core. */
const MOST_PER_SECOND = 1_000;
/** A second more, which is not counted: connections are opened, the generator's code is compiled. */
const WARM_UP_SECONDS = 1;
/** So long traffic goes on that nobody stops. */
const MOST_SECONDS = 3_600;
const BOUNDS = { warmUpSeconds: WARM_UP_SECONDS, connections: 256, maxUnderWay: 5_000 };

const GENERATOR = ['node', 'test/bench/load-generator.ts'];

/** Stands for a stream of which nothing came back. */
export const NOTHING: StreamResult = {
  name: '',
  count: 0,
  p50: 0,
  p90: 0,
  p99: 0,
  max: 0,
  failures: 0,
  wrong: 0,
  seen: [],
  said: {},
};

/** Has an order carried out by the load generator's process. */
export async function generateLoad<Result>(order: LoadOrder): Promise<Result> {
  return JSON.parse(await runOnLoadCore(GENERATOR, JSON.stringify(order))) as Result;
}

/** Requests per second: 30 % of what the gateway can do, as far as the generator can send them. */
export async function hotRate({ workload, directory }: Session, url: string): Promise<number> {
  const asked = { url, query: workload.query, connections: 50, directory };
  await load({ ...asked, seconds: 1 });
  const { requestsPerSecond } = await load({ ...asked, seconds: 2 });
  return Math.min(MOST_PER_SECOND, Math.max(1, Math.round(requestsPerSecond * SHARE_OF_CAPACITY)));
}

/** Sends for so many seconds. */
export function sendFor(seconds: number, url: string, streams: readonly Stream[]): Promise<readonly StreamResult[]> {
  return generateLoad({ open: { url, streams, seconds: seconds + WARM_UP_SECONDS, ...BOUNDS } });
}

/** Begins to send. @param isPatient it takes what others leave of its core */
export function startSending(
  url: string,
  streams: readonly Stream[],
  isPatient = false,
): { readonly stop: () => Promise<readonly StreamResult[]> } {
  const order: LoadOrder = { open: { url, streams, seconds: MOST_SECONDS, ...BOUNDS }, isUntilStopped: true };
  const { input, output } = startOnLoadCore(isPatient ? ['nice', '-n', '19', ...GENERATOR] : GENERATOR);
  input.write(`${JSON.stringify(order)}\n`);
  return {
    stop: async () => {
      input.end();
      return JSON.parse(await output) as readonly StreamResult[];
    },
  };
}
