import type { Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface DeadlineOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly now?: () => number;
}

/** Ends each call within so many milliseconds, its further tries included; within the time of who asks, if that ends before. */
export function deadline(next: Send, { name, timeoutMs, now = () => performance.now() }: DeadlineOptions): Send {
  return (call) => {
    const at = now();
    const own = at + timeoutMs;
    if (call.deadline !== undefined && call.deadline <= at) {
      const message = `there is no time left to ask ${name}`;
      return Promise.reject(new UpstreamError('timeout', message, { wasSent: false }));
    }
    return next({ ...call, deadline: call.deadline === undefined ? own : Math.min(own, call.deadline) });
  };
}
