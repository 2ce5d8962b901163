import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { isAddressFault, isUnavailable, UpstreamError } from './upstream-error.ts';

export interface RetryOptions {
  /** How often a call is sent again at most. */
  readonly retries: number;
  /** The share of calls that may be sent again, from 0 to 1. */
  readonly budget: number;
  /** The longest pause before the first further try, in milliseconds; it doubles with each. */
  readonly delayMs: number;
  /** The longest pause of all. */
  readonly maxDelayMs: number;
  /** For how long one address may keep a call that could be sent to another. */
  readonly tryTimeoutMs: number;
  /** Whether there is another address to send to. */
  readonly hasOthers: () => boolean;
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** What came of a try. */
type Outcome<R> = { readonly reply: R } | { readonly error: unknown };

/**
 * Sends a call again that failed, to another address if there is one: only what may arrive twice, or did not arrive at all; only within the
 * budget; and only while there is time. Pauses are exponential with full jitter (Brooker, "Exponential Backoff And Jitter", 2015); a
 * `retry-after` (RFC 9110, 10.2.3) is waited for, if there is time for it.
 */
export function retry<C extends AnyCall = Call, R extends AnyReply = Reply>(
  next: Send<C, R>,
  options: RetryOptions,
): Send<C, R> {
  const { retries, budget: share, delayMs, maxDelayMs, tryTimeoutMs, hasOthers } = options;
  const { now = () => performance.now(), random = Math.random } = options;
  if (retries === 0) return next;
  const budget = createRetryBudget(share);

  return (call) => {
    budget.deposit();
    // Of one address there is nothing to note: a hot path.
    const marked = hasOthers() ? { ...call, tried: [] } : call;
    // What could be given up for another try has that paid for before: without it, it has all of its time.
    const isPaid = mayGiveUp(marked) && budget.withdraw();
    const first = isPaid ? next({ ...marked, deadline: now() + tryTimeoutMs, isCutShort: true }) : next(marked);
    // A hot path: what succeeds waits for nothing more.
    return first.then(
      (reply) => {
        if (isUnavailable(reply.status)) return again(marked, 1, { reply }, isPaid);
        if (isPaid) budget.refund();
        return reply;
      },
      (error: unknown) => again(marked, 1, { error }, isPaid),
    );
  };

  /** What hangs at the first address is given up for another while there is time for that. */
  function mayGiveUp(call: C): boolean {
    if (!isRepeatable(call) || !hasOthers()) return false;
    return call.deadline === undefined || now() + tryTimeoutMs < call.deadline;
  }

  /** @param isPaid whether the budget has been asked */
  async function again(call: C, count: number, last: Outcome<R>, isPaid: boolean): Promise<R> {
    const waitMs = mayRepeat(call, last) ? pauseBefore(count, last) : undefined;
    const isInTime = waitMs !== undefined && (call.deadline === undefined || now() + waitMs < call.deadline);
    if (!isInTime || count > retries) {
      if (isPaid) budget.refund();
      return settle(last);
    }
    if (!isPaid && !budget.withdraw()) return settle(last);
    if ('reply' in last) last.reply.discard?.();
    if (waitMs > 0)
      await pause(waitMs, undefined, { ...(call.signal && { signal: call.signal }) }).catch(() => undefined);
    // With all the time that is left.
    const outcome = await next(call).then(
      (reply): Outcome<R> => ({ reply }),
      (error: unknown): Outcome<R> => ({ error }),
    );
    return isFailure(outcome) ? again(call, count + 1, outcome, false) : settle(outcome);
  }

  /** In milliseconds; `undefined` when the server wants more time than is ever waited for. */
  function pauseBefore(count: number, last: Outcome<R>): number | undefined {
    const wanted = 'reply' in last ? retryAfterMs(last.reply) : undefined;
    if (wanted !== undefined && !hasOthers()) return wanted;
    return random() * Math.min(maxDelayMs, delayMs * 2 ** (count - 1));
  }
}

function isRepeatable({ isIdempotent, isShareable }: AnyCall): boolean {
  return isIdempotent === true || isShareable === true;
}

function isFailure(outcome: Outcome<AnyReply>): boolean {
  return 'error' in outcome || isUnavailable(outcome.reply.status);
}

/** Whether a call may be sent again after that. */
function mayRepeat(call: AnyCall, outcome: Outcome<AnyReply>): boolean {
  if ('reply' in outcome) return isRepeatable(call);
  const { error } = outcome;
  if (!(error instanceof UpstreamError) || call.signal?.aborted === true) return false;
  return (isAddressFault(error) || error.wasCutShort) && (!error.wasSent || isRepeatable(call));
}

function settle<R>(outcome: Outcome<R>): R {
  if ('error' in outcome) throw outcome.error;
  return outcome.reply;
}

/** What a `retry-after` says, in milliseconds from now; nothing for what is none. */
function retryAfterMs({ headers }: AnyReply): number | undefined {
  const said = headers['retry-after'];
  if (typeof said !== 'string') return undefined;
  if (/^\d+$/.test(said)) return Number(said) * 1_000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
