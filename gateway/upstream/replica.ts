import type { Breaker } from './breaker.ts';
import { createLatency, type Latency } from './latency.ts';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply } from './send.ts';
import { createStanding, type Standing, type StandingOptions } from './standing.ts';
import { isAddressFault, isUnavailable, UpstreamError } from './upstream-error.ts';

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
      note(replica, isUnavailable(reply.status), now() - begun);
      if (reply.ended === undefined) replica.inFlight--;
      else void reply.ended.then(() => void replica.inFlight--);
      return reply;
    },
    (error: unknown) => {
      replica.inFlight--;
      if (isAddressFault(error)) note(replica, true, now() - begun);
      else leave(replica, error, now() - begun);
      throw error;
    },
  );
}

/** Who was given up early is as slow as that at least, and not at fault. */
function leave(replica: Noted, error: unknown, ms: number): void {
  if (error instanceof UpstreamError && error.fault === 'timeout' && ms > replica.latency.expected())
    replica.latency.note(ms);
}

type Noted = Pick<Replica, 'standing' | 'latency'>;

function note(replica: Noted, isFailure: boolean, ms: number): void {
  replica.standing.note(isFailure);
  replica.latency.note(isFailure ? Math.max(ms, FAILURE_MS) : ms);
}
