import type { Try } from '../request-record.ts';
import { type Breaker, type BreakerOptions, createBreaker, type Outcome } from './breaker.ts';
import { createLatency, type Latency } from './latency.ts';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { createStanding, type Standing, type StandingOptions } from './standing.ts';
import { isAddressFault, isUnavailable, UpstreamError } from './upstream-error.ts';

/** One address of a destination, and how it does. */
export interface Replica<C extends AnyCall = Call, R extends AnyReply = Reply> {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly url: string;
  readonly send: Send<C, R>;
  readonly breaker: Breaker;
  readonly standing: Standing;
  /** Calls that are under way. */
  inFlight: number;
  readonly latency: Latency;
}

export interface ReplicaSetting<C extends AnyCall = Call, R extends AnyReply = Reply> {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly url: string;
  /** Sends a call to it, once. */
  readonly send: Send<C, R>;
  readonly breaker: BreakerOptions;
  readonly ejection: StandingOptions;
}

/** A failure counts as a call that took so long at least, in milliseconds: who refuses at once is not quick. */
const FAILURE_MS = 1_000;

export function createReplica<C extends AnyCall = Call, R extends AnyReply = Reply>({
  name,
  url,
  send,
  breaker,
  ejection,
}: ReplicaSetting<C, R>): Replica<C, R> {
  return {
    ...{ name, url, send },
    breaker: createBreaker(breaker),
    standing: createStanding(ejection),
    inFlight: 0,
    latency: createLatency(),
  };
}

/** Sends a call to one address, unless its breaker refuses, and takes note of how it does. A hot path. @param now in milliseconds */
export function sendTo<C extends AnyCall = Call, R extends AnyReply = Reply>(
  replica: Replica<C, R>,
  call: C,
  now: () => number,
): Promise<R> {
  const { breaker } = replica;
  if (breaker.isRefusing()) return Promise.reject(refusalOf(replica));
  const isProbe = breaker.enter();
  const begun = now();
  replica.inFlight++;
  return replica.send(call).then(
    (reply) => {
      const outcome = isUnavailable(reply.status) ? 'failure' : 'success';
      const ended = now();
      tell(replica, call, begun, ended, reply.status);
      breaker.leave(outcome, isProbe);
      note(replica, outcome, ended - begun);
      if (reply.ended === undefined) replica.inFlight--;
      else void reply.ended.then(() => void replica.inFlight--);
      return reply;
    },
    (error: unknown) => {
      replica.inFlight--;
      const outcome = isAddressFault(error) ? 'failure' : 'no matter';
      const ended = now();
      tell(replica, call, begun, ended, error instanceof UpstreamError ? error.fault : 'unreachable');
      breaker.leave(outcome, isProbe);
      if (outcome === 'failure' || isTimeout(error)) note(replica, outcome, ended - begun);
      throw error;
    },
  );
}

function tell(
  { url }: { readonly url: string },
  { tries }: AnyCall,
  begun: number,
  ended: number,
  outcome: Try['outcome'],
): void {
  tries?.push({ url, begun, ended, outcome });
}

function note({ standing, latency }: Pick<Replica, 'standing' | 'latency'>, outcome: Outcome, ms: number): void {
  // Who was given up early is as slow as that at least, and not at fault.
  if (outcome === 'no matter') {
    if (ms > latency.expected()) latency.note(ms);
    return;
  }
  const isFailure = outcome === 'failure';
  standing.note(isFailure);
  latency.note(isFailure ? Math.max(ms, FAILURE_MS) : ms);
}

function isTimeout(error: unknown): boolean {
  return error instanceof UpstreamError && error.fault === 'timeout';
}

function refusalOf({ name, breaker }: { readonly name: string; readonly breaker: Breaker }): UpstreamError {
  const message = `${name} has failed ${breaker.failed()} times, and is not asked again for a while`;
  return new UpstreamError('circuit open', message, { wasSent: false });
}
