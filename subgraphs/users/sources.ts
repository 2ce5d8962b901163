import type { user } from './tables.ts';

/** What the resolvers of `User` start from: a row, without what nobody may see. */
export type UserSource = Omit<typeof user.$inferSelect, 'passwordHash'>;
