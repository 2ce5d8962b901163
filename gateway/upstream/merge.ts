import { type Call, type Reply, type Send, UpstreamError } from './upstream.ts';

/** What decides whether two calls would get the same answer. */
export interface MergeOptions {
  /**
   * Raised when a mutation has ended, whatever came of it: a call that begins afterwards must not get an answer that was
   * asked for before (read your writes).
   */
  readonly epoch: () => number;
}

interface Flight {
  readonly key: string;
  readonly reply: Promise<Reply>;
  readonly controller: AbortController;
  waiting: number;
}

/** Headers that say who traces a call, not what is asked. */
const TRACING: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/**
 * Merges identical calls in flight: one goes to the subgraph, all get its reply. Identical means the same method, body and
 * headers, identity included. Only calls that say they may be shared are (queries; never a mutation).
 *
 * Each caller can leave by its own signal; the call itself is cancelled when the last one has left. Whoever joined a call
 * whose time then runs out asks for itself, with a deadline of its own.
 */
export function merge(next: Send, { epoch }: MergeOptions): Send {
  const flights = new Map<string, Flight>();

  return async (call) => {
    if (call.isShareable !== true) return next(call);
    const key = keyOf(call, epoch());
    const joined = flights.get(key);
    if (joined === undefined) return wait(begin(key, call), call.signal);
    try {
      return await wait(joined, call.signal);
    } catch (error) {
      if (error instanceof UpstreamError && error.fault === 'timeout') return next(call);
      throw error;
    }
  };

  function begin(key: string, call: Call): Flight {
    const controller = new AbortController();
    const reply = next({ ...call, signal: controller.signal });
    const flight = { key, reply, controller, waiting: 0 };
    flights.set(key, flight);
    reply.then(
      () => land(flight),
      () => land(flight),
    );
    return flight;
  }

  function land(flight: Flight): void {
    if (flights.get(flight.key) === flight) flights.delete(flight.key);
  }

  function wait(flight: Flight, signal: AbortSignal | undefined): Promise<Reply> {
    flight.waiting++;
    if (signal === undefined) return flight.reply;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--flight.waiting === 0) {
          land(flight);
          flight.controller.abort();
        }
        reject(new UpstreamError('cancelled', 'the call was cancelled'));
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave);
      const stay = () => signal.removeEventListener('abort', leave);
      flight.reply.then(resolve, reject).finally(stay);
    });
  }
}

function keyOf({ method, headers, body = '' }: Call, epoch: number): string {
  return `${epoch} ${method} ${textOf(headers)} ${body}`;
}

/** All calls of one request come with the same headers. */
const texts = new WeakMap<Call['headers'], string>();

function textOf(headers: Call['headers']): string {
  let text = texts.get(headers);
  if (text === undefined) {
    const asked = Object.entries(headers).filter(([name]) => !TRACING.has(name));
    text = JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)));
    texts.set(headers, text);
  }
  return text;
}
