import type { notification } from './tables.ts';

/** What the resolvers of `Notification` start from: a row, without what is of no use outside. */
export type NotificationSource = Omit<typeof notification.$inferSelect, 'eventId'>;

/** What the resolvers of `User` start from: the entity belongs to another service. */
export interface UserSource {
  readonly id: string;
}

/** A reference: orders belong to another service. */
export interface OrderSource {
  readonly id: string;
}
