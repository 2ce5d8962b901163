import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
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

/** What a gateway ran when it was heard of last. */
export async function findGateway(query: Query, instance: string): Promise<GatewayRow | undefined> {
  const rows = await query
    .select()
    .from(gateway)
    .where(eq(gateway.instance, instance))
    .orderBy(desc(gateway.seenAt))
    .limit(1);
  return rows[0];
}

/** Remembers what a gateway says that it runs, and when. */
export async function putGateway(query: Query, row: GatewayRow): Promise<void> {
  await query
    .insert(gateway)
    .values(row)
    .onConflictDoUpdate({
      target: [gateway.graphId, gateway.variant, gateway.instance],
      set: { supergraphId: sql`excluded.supergraph_id`, seenAt: sql`excluded.seen_at` },
    });
}

/** Forgets those that were not heard of since then. */
export async function deleteGatewaysBefore(query: Query, at: Date): Promise<void> {
  await query.delete(gateway).where(lt(gateway.seenAt, at));
}
