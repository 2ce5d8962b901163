import { ConnectTimeoutError } from './connection.ts';
import type { Pool } from './pool.ts';
import { ReplyError } from './reply-error.ts';
import type { WriteRequest } from './request-text.ts';
import type { Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface ExchangeOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly pool: Pool;
  readonly write: WriteRequest;
  readonly responseLimitBytes: number;
}

/** Sends calls to one address, each once: one call and its whole reply, within its time. A hot path (test/bench, w2). */
export function createExchange({ name, pool, write, responseLimitBytes }: ExchangeOptions): Send {
  return (call) =>
    new Promise((resolve, reject) => {
      const { signal, deadline, isCutShort: wasCutShort = false } = call;
      if (signal?.aborted === true) return reject(cancelled(false));
      let leave: (() => boolean) | undefined;
      const cancel = () => abandon(cancelled);
      const timeoutMs = deadline === undefined ? undefined : Math.ceil(deadline - performance.now());
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(
              () =>
                abandon(
                  (wasSent) =>
                    new UpstreamError('timeout', `${name} did not answer within ${timeoutMs} ms`, {
                      wasSent,
                      wasCutShort,
                    }),
                ),
              Math.max(1, timeoutMs),
            );
      signal?.addEventListener('abort', cancel);
      const written = write(call);
      if ('unsendable' in written)
        return abandon(
          () =>
            new UpstreamError('unsendable', `the header ${written.unsendable} cannot be sent to ${name}`, {
              wasSent: false,
            }),
        );
      leave = pool.send({
        ...written,
        onReply: (reply) => {
          settle();
          resolve(reply);
        },
        onError: (cause, wasSent) => {
          settle();
          reject(toUpstreamError(name, cause, { wasSent, limitBytes: responseLimitBytes }));
        },
      });

      function settle(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      }

      function abandon(toError: (wasSent: boolean) => UpstreamError): void {
        settle();
        reject(toError(leave?.() ?? false));
      }
    });

  function cancelled(wasSent: boolean): UpstreamError {
    return new UpstreamError('cancelled', `the call to ${name} was cancelled`, { wasSent });
  }
}

function toUpstreamError(
  name: string,
  cause: Error,
  { wasSent, limitBytes }: { readonly wasSent: boolean; readonly limitBytes: number },
): UpstreamError {
  if (cause instanceof ConnectTimeoutError)
    return new UpstreamError('timeout', `${name} could not be connected to in time`, { wasSent, cause });
  if (cause instanceof ReplyError && cause.fault === 'too large')
    return new UpstreamError('too large', `the answer of ${name} is larger than ${limitBytes} bytes`, { wasSent });
  return new UpstreamError('unreachable', `${name} cannot be reached`, { wasSent, cause });
}
