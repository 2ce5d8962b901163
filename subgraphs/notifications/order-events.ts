import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import type { Events } from '../../service/events.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { addNotification, type NewNotification } from './data.ts';
import { CANCELLED_MESSAGE, placedMessage } from './messages.ts';

const occurredAt = z.iso.datetime().transform((text) => new Date(text));
const about = { orderId: z.guid(), userId: z.guid() };

/** What this service reads of the events that it follows; they say more. */
const orderEvent = z.discriminatedUnion('type', [
  z.object({
    id: z.string().min(1),
    type: z.literal('order.placed'),
    occurredAt,
    data: z.object({
      ...about,
      lines: z.array(z.object({ quantity: z.int().min(1) })).min(1),
      total: z.string().regex(/^\d+(\.\d+)?$/),
      currency: z.string().regex(/^[A-Z]{3}$/),
    }),
  }),
  z.object({
    id: z.string().min(1),
    type: z.literal('order.cancelled'),
    occurredAt,
    data: z.object(about),
  }),
]);

type OrderEvent = z.infer<typeof orderEvent>;

export interface OrderEventsOptions {
  readonly events: Events;
  readonly database: Database;
  readonly log: Log;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

/** Follows what happens to orders, and tells their users: one notification for each event, however often it comes. */
export async function followOrders({ events, database, log, nudge, now }: OrderEventsOptions): Promise<Running> {
  return events.subscribe({
    group: 'notifications',
    types: ['order.placed', 'order.cancelled'],
    async handle(event) {
      const read = orderEvent.safeParse(event);
      if (!read.success) {
        // Not dealt with: whoever delivers it tries again, and puts it aside in the end where people can look at it.
        log.error({ err: read.error, event: event.id }, `cannot read an event ${event.type}`);
        throw new Error(`The event ${event.type} ${event.id} cannot be read.`, { cause: read.error });
      }
      await addNotification(database, toNotification(read.data), now());
      nudge();
    },
  });
}

function toNotification(event: OrderEvent): NewNotification {
  const { id: eventId, occurredAt: createdAt } = event;
  const { userId, orderId } = event.data;
  const row = { eventId, userId, orderId, createdAt };
  return event.type === 'order.placed'
    ? { ...row, kind: 'ORDER_PLACED', message: placedMessage(event.data) }
    : { ...row, kind: 'ORDER_CANCELLED', message: CANCELLED_MESSAGE };
}
