import type { InferSelectModel } from 'drizzle-orm';
import type { order, orderLine } from './tables.ts';

/** What resolvers hand on for each type of the schema. */
export type OrderSource = InferSelectModel<typeof order>;

export type OrderLineSource = Pick<InferSelectModel<typeof orderLine>, 'productId' | 'quantity' | 'unitPrice'>;

export interface UserSource {
  readonly id: string;
}

export interface ProductSource {
  readonly id: string;
}
