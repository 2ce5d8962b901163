import type { product } from './tables.ts';

/** What the resolvers of `Product` start from. */
export type ProductSource = typeof product.$inferSelect & { readonly inStock: boolean };
