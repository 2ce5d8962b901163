import { sql } from 'drizzle-orm';
import type { Query } from '../../../registry/storage/query.ts';
import { GRAPH } from './open-registry.ts';

/** A week of a busy graph. */
export interface Week {
  readonly operations: number;
  readonly clients: number;
  /** Its first day. */
  readonly from: string;
}

/** How often an operation was asked for by a client on a day of the week. */
export const requestsOf = (operation: number, day: number, client: number) =>
  ((operation * 31 + day * 7 + client * 3) % 50) + 1;

export const DAYS = 7;

/** Every operation of every client on every day. Operation 7 is `query Op7 { t7 { id } shared }`. */
export async function fillUsage(query: Query, { operations, clients, from }: Week): Promise<void> {
  await query.execute(sql`
    insert into registry.operation (graph_id, hash, name, body, coordinates, created_at)
    select ${GRAPH}, lpad(to_hex(number), 64, '0'), 'Op' || number, 'query Op' || number || ' { t' || number || ' { id } shared }',
      array['Query.t' || number, 'Query.shared', 'T' || number || '.id'], now()
    from generate_series(0, ${operations}::int - 1) number`);
  await query.execute(sql`
    insert into registry.usage (operation_id, variant, day, client_name, client_version, count)
    select operation.id, 'current', ${from}::date + day, 'client' || client, '1.' || client,
      (substr(operation.name, 3)::int * 31 + day * 7 + client * 3) % 50 + 1
    from registry.operation, generate_series(0, ${DAYS}::int - 1) day, generate_series(0, ${clients}::int - 1) client
    where operation.graph_id = ${GRAPH}`);
  await query.execute(sql`analyze registry.usage, registry.operation`);
}
