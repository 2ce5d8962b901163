import type { Breaker } from './breaker.ts';
import { createLatency, type Latency } from './latency.ts';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply } from './send.ts';
import { createStanding, type Standing, type StandingOptions } from './standing.ts';
import { isAddressFault, isUnavailable } from './upstream-error.ts';

/** One address of a destination, and how it does. */
export interface Replica<C extends AnyCall = Call, R extends AnyReply = Reply> {
  readonly url: string;
  readonly breaker: Breaker<C, R>;
  readonly standing: Standing;
  /** Calls that are under way. */
  inFlight: number;
  readonly latency: Latency;
}

/** A failure counts as a call that took so long at least, in milliseconds: who refuses at once is not quick. */
const FAILURE_MS = 1_000;

export function createReplica<C extends AnyCall = Call, R extends AnyReply = Reply>(
  url: string,
  breaker: Breaker<C, R>,
  standing: StandingOptions,
): Replica<C, R> {
  return { url, breaker, standing: createStanding(standing), inFlight: 0, latency: createLatency() };
}

/** Sends a call to one address, and takes note of how it does. @param now in milliseconds */
export function sendTo<C extends AnyCall = Call, R extends AnyReply = Reply>(
  replica: Replica<C, R>,
  call: C,
  now: () => number,
): Promise<R> {
  const begun = now();
  replica.inFlight++;
  return replica.breaker.send(call).then(
    (reply) => {
      settle(replica, isUnavailable(reply.status), now() - begun);
      return reply;
    },
    (error: unknown) => {
      if (isAddressFault(error)) settle(replica, true, now() - begun);
      else replica.inFlight--;
      throw error;
    },
  );
}

type Noted = Pick<Replica, 'standing' | 'latency' | 'inFlight'>;

function settle(replica: Noted, isFailure: boolean, ms: number): void {
  replica.inFlight--;
  replica.standing.note(isFailure);
  replica.latency.note(isFailure ? Math.max(ms, FAILURE_MS) : ms);
}
