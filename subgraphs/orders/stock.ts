import { z } from 'zod';
import type { Log } from '../../service/logs.ts';
import { codedError } from '../errors.ts';
import type { WantedLine } from './order-lines.ts';
import type { ServiceToken } from './service-token.ts';

/** A line that was set aside, at today's price. */
export interface ReservedLine extends WantedLine {
  /** Exact decimal. */
  readonly unitPrice: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** The stock that products keeps: set aside under the id of an order, by its internal REST resource. */
export interface Stock {
  /**
   * Sets all lines aside, or nothing; the same again gives the same. What is never claimed expires by itself.
   *
   * @throws a coded OUT_OF_STOCK, UNKNOWN_PRODUCT, CONFLICT, or SERVICE_UNAVAILABLE when products does not answer in time
   */
  reserve(orderId: string, lines: readonly WantedLine[]): Promise<ReservedLine[]>;
  /** Gives back, for good, what an order that is not to be had set aside. A failure is harmless: the hold expires. */
  release(orderId: string): Promise<void>;
}

export interface StockOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly token: ServiceToken;
  readonly log: Log;
}

const reserved = z.object({
  lines: z.array(z.object({ productId: z.string(), quantity: z.int(), unitPrice: z.string(), currency: z.string() })),
});

const refusal = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) });

export function createStock({ url, timeoutMs, token, log }: StockOptions): Stock {
  const call = async (method: 'PUT' | 'DELETE', orderId: string, body?: unknown): Promise<Response> => {
    // One deadline for all that follows: who waits for an order does not care how often products was asked.
    const signal = AbortSignal.timeout(timeoutMs);
    const send = async () =>
      fetch(`${url}/internal/reservations/${orderId}`, {
        method,
        headers: {
          authorization: `Bearer ${await token.get()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
      });
    const response = await send();
    if (response.status !== 401) return response;
    // Its key may have been rotated away, or the issuer's data are new.
    token.drop();
    return send();
  };

  return {
    async reserve(orderId, lines) {
      let status: number | undefined;
      try {
        const response = await call('PUT', orderId, { lines });
        ({ status } = response);
        const answer: unknown = await response.json();
        if (response.ok) return reserved.parse(answer).lines;
        throw refuse(refusal.parse(answer).error);
      } catch (error) {
        if (isRefusal(error)) throw error;
        log.warn({ err: error, status, order: orderId }, 'products did not reserve');
        throw unavailable(error, status);
      }
    },
    async release(orderId) {
      await call('DELETE', orderId).catch(() => undefined);
    },
  };
}

/** What products says of an order is the customer's to know; anything else it says is ours to mend. */
function refuse({ code, message, ...details }: z.infer<typeof refusal>['error']) {
  switch (code) {
    case 'OUT_OF_STOCK':
    case 'UNKNOWN_PRODUCT':
      return codedError(code, message, details);
    case 'RESERVATION_MISMATCH':
    case 'RESERVATION_RELEASED':
      return codedError('CONFLICT', 'This idempotency key was used for another order; take a new one.');
    default:
      return new Error(`products refused: ${code}: ${message}`);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'extensions' in error;
}

function unavailable(cause: unknown, status: number | undefined) {
  const error = codedError(
    'SERVICE_UNAVAILABLE',
    'Stock cannot be reserved at the moment; send the order again with the same key.',
    {
      service: 'products',
      ...(status === undefined ? {} : { status }),
    },
  );
  error.cause = cause;
  return error;
}
