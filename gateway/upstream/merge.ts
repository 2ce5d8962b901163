import { createFlights, LATE } from './flights.ts';
import { type Call, madeOf } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { Send } from './send.ts';
import { toSharingKey } from './sharing-key.ts';
import { UpstreamError } from './upstream-error.ts';

/** What decides whether two calls would get the same answer. */
export interface MergeOptions {
  /**
   * Raised when a mutation has ended, whatever came of it, and by a purge: a call that begins afterwards must not get an answer
   * that was asked for before (read your writes; what was asked for before a purge is void after it).
   */
  readonly epoch: () => number;
}

/**
 * Merges identical calls in flight: one goes to the subgraph, all get its reply. Identical means the same method, body and
 * headers, identity included. Only calls that say they may be shared are (queries; never a mutation).
 *
 * Each caller has its own signal and its own time; the call itself is cancelled when the last one has left. Those who joined a call
 * whose time then runs out ask once more, together; who has no time left is told so.
 */
export function merge(next: Send, { epoch }: MergeOptions): Send {
  const flights = createFlights<Reply>(
    () => new UpstreamError('cancelled', 'the call was cancelled', { wasSent: true }),
  );

  return async (call) => {
    if (call.isShareable !== true) return next(call);
    const join = () => flights.join(keyOf(call, epoch()), call, ({ signal }) => next({ ...call, signal }));
    const { answer, wasUnderWay } = join();
    if (!wasUnderWay) return answer;
    try {
      return await answer.catch((error: unknown) => {
        if (error instanceof UpstreamError && error.fault === 'timeout') return join().answer;
        throw error;
      });
    } catch (error) {
      if (error === LATE) return await next(call);
      throw error;
    }
  };
}

function keyOf(call: Call, epoch: number): string {
  const { method, body = '' } = call;
  const made = madeOf(call);
  made.sharingKey ??= toSharingKey(made.headers);
  return `${epoch} ${method} ${made.sharingKey} ${body}`;
}
