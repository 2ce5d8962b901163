import { z } from 'zod';
import type { Events } from '../../service/events.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { orderKey } from './reservation-lines.ts';
import type { Reservations } from './reservations.ts';

const line = z.object({ productId: z.string(), quantity: z.int().min(1).max(100_000) });

/** What this service reads of the events that it follows; they say more. */
const orderEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('order.placed'), data: z.object({ orderKey, lines: z.array(line) }) }),
  z.object({ type: z.literal('order.cancelled'), data: z.object({ orderKey }) }),
]);

export interface OrderEventsOptions {
  readonly events: Events;
  readonly reservations: Reservations;
  readonly log: Log;
}

/**
 * Follows what happens to orders: one that is placed takes its products off the shelf, one that is cancelled puts them back.
 * Neither minds being told twice, or in the wrong order.
 */
export async function followOrders({ events, reservations, log }: OrderEventsOptions): Promise<Running> {
  return events.subscribe({
    group: 'products',
    types: ['order.placed', 'order.cancelled'],
    async handle(event) {
      const read = orderEvent.safeParse(event);
      if (!read.success) {
        // It would be as wrong the next time, and hold up those behind it.
        log.error({ err: read.error, event: event.id }, `left out an event ${event.type} that cannot be read`);
        return;
      }
      const { type, data } = read.data;
      if (type === 'order.placed') await reservations.commit(data.orderKey, data.lines);
      else await reservations.release(data.orderKey);
    },
  });
}
