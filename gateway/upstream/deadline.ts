import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface DeadlineOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly now?: () => number;
}

/** Ends each call within so many milliseconds, its further tries included; within the time of who asks, if that ends before. */
export function deadline<C extends AnyCall = Call, R extends AnyReply = Reply>(
  next: Send<C, R>,
  { name, timeoutMs, now = () => performance.now() }: DeadlineOptions,
): Send<C, R> {
  return (call) => {
    const at = now();
    const own = at + timeoutMs;
    if (call.deadline !== undefined && call.deadline <= at) {
      const message = `there is no time left to ask ${name}`;
      return Promise.reject(new UpstreamError('timeout', message, { wasSent: false }));
    }
    if (call.deadline === undefined || call.deadline >= own) return next({ ...call, deadline: own });
    return next({ ...call, isCutShort: true });
  };
}
