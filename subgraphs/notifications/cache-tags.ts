import type { Invalidation } from '../../service/invalidation.ts';

/** The lists of what a user was told: see `@cacheTag` in `schema.graphql`. */
export function notificationsOfUser(userId: string): Invalidation {
  return { kind: 'tag', tag: `notifications-user-${userId}` };
}
