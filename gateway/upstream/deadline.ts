import type { Send } from './send.ts';

/** Ends each call within so many milliseconds, its further tries included; within the time of who asks, if that ends before. */
export function deadline(next: Send, timeoutMs: number, now: () => number = () => performance.now()): Send {
  return (call) => {
    const own = now() + timeoutMs;
    return next({ ...call, deadline: call.deadline === undefined ? own : Math.min(own, call.deadline) });
  };
}
