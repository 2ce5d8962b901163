import { type BalanceOptions, balance } from './balance.ts';
import { deadline } from './deadline.ts';
import { limit } from './limit.ts';
import type { Replica } from './replica.ts';
import { type RetryOptions, retry } from './retry.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';

export interface PolicyOptions {
  /** From sending to the reply, further tries included, in milliseconds; infinite where each call says it by itself. */
  readonly timeoutMs: number;
  /** Connections kept to each address. */
  readonly connections: number;
  /** Calls that wait for a connection. */
  readonly maxQueued: number;
  readonly balance: BalanceOptions;
  readonly retry: Omit<RetryOptions, 'hasOthers'>;
}

/**
 * Puts the policies before the addresses of a destination, whatever is sent there.
 *
 * @param name for messages
 * @param current the addresses that there are now: one at least
 */
export function govern<C extends AnyCall, R extends AnyReply>(
  name: string,
  current: () => readonly Replica<C, R>[],
  options: PolicyOptions,
): Send<C, R> {
  const { timeoutMs, connections, maxQueued } = options;
  const most = () => connections * current().length + maxQueued;
  const hasOthers = () => current().length > 1;

  // From the inside out: what a call meets first stands last.
  const balanced = balance(current, options.balance);
  const retried = retry(balanced, { ...options.retry, hasOthers });
  const limited = limit(retried, { name, most });
  return Number.isFinite(timeoutMs) ? deadline(limited, { name, timeoutMs }) : limited;
}
