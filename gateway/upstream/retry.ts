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
    const marked = { ...call, tried: [] };
    // A hot path: what succeeds waits for nothing more.
    return attempt(marked).then(
      (reply) => (isUnavailable(reply.status) ? again(marked, 1, { reply }) : reply),
      (error: unknown) => again(marked, 1, { error }),
    );
  };

  /** What hangs at one address is given up for another while there is time for that. */
  function attempt(call: C): Promise<R> {
    if (!isRepeatable(call) || !hasOthers()) return next(call);
    const until = now() + tryTimeoutMs;
    return next(call.deadline !== undefined && call.deadline < until ? call : { ...call, deadline: until });
  }

  async function again(call: C, count: number, last: Outcome<R>): Promise<R> {
    const waitMs = mayRepeat(call, last) ? pauseBefore(count, last) : undefined;
    const isInTime = waitMs !== undefined && (call.deadline === undefined || now() + waitMs < call.deadline);
    if (!isInTime || count > retries || !budget.withdraw()) return settle(last);
    if ('reply' in last) last.reply.discard?.();
    if (waitMs > 0)
      await pause(waitMs, undefined, { ...(call.signal && { signal: call.signal }) }).catch(() => undefined);
    // The last one has all the time that is left.
    const trying = count === retries ? next(call) : attempt(call);
    const outcome = await trying.then(
      (reply): Outcome<R> => ({ reply }),
      (error: unknown): Outcome<R> => ({ error }),
    );
    return isFailure(outcome) ? again(call, count + 1, outcome) : settle(outcome);
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
  return isAddressFault(error) && (!error.wasSent || isRepeatable(call));
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
