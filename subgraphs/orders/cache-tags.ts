import type { Invalidation } from '../../service/invalidation.ts';

/** What of this service can be voided by a tag: see `@cacheTag` in `schema.graphql`. */

/** The lists of a user's orders. */
export function ordersOfUser(userId: string): Invalidation {
  return { kind: 'tag', tag: `orders-user-${userId}` };
}

/** One order, also that there was none of this id. */
export function orderById(id: string): Invalidation {
  return { kind: 'tag', tag: `order-${id}` };
}
