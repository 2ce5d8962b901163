import { and, desc, eq, gt } from 'drizzle-orm';
import type { Query } from './query.ts';
import { gateway } from './tables.ts';

export type GatewayRow = Readonly<typeof gateway.$inferSelect>;

/** Those of a variant that were heard of since then, the latest first. */
export function listGateways(
  query: Query,
  { graphId, variant, since }: { readonly graphId: string; readonly variant: string; readonly since: Date },
): Promise<readonly GatewayRow[]> {
  return query
    .select()
    .from(gateway)
    .where(and(eq(gateway.graphId, graphId), eq(gateway.variant, variant), gt(gateway.seenAt, since)))
    .orderBy(desc(gateway.seenAt));
}
