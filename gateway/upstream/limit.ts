import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface LimitOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  /** Calls that are under way or wait for a connection. */
  readonly most: () => number;
}

/** Refuses at once what would wait behind too many others: a queue without end is an outage that is not told. */
export function limit<C extends AnyCall = Call, R extends AnyReply = Reply>(
  next: Send<C, R>,
  { name, most }: LimitOptions,
): Send<C, R> {
  let pending = 0;
  const leave = () => void pending--;
  return (call) => {
    if (pending >= most()) {
      const message = `${most()} calls to ${name} are under way or wait already`;
      return Promise.reject(new UpstreamError('overloaded', message, { wasSent: false }));
    }
    pending++;
    const reply = next(call);
    // What still comes holds its connection.
    reply.then(({ ended }) => (ended === undefined ? leave() : void ended.then(leave)), leave);
    return reply;
  };
}
