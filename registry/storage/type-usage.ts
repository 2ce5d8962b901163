import { sql } from 'drizzle-orm';
import type { Query } from './query.ts';

/** How often something was used within some days, and by whom. */
export interface TypeUsage {
  readonly requests: number;
  /** Those that ask most first. */
  readonly clients: readonly UsedByClient[];
  /** By schema coordinate. */
  readonly fields: readonly { readonly coordinate: string; readonly requests: number }[];
  /** Those that are used most first. */
  readonly operations: readonly {
    readonly hash: string;
    readonly name: string | null;
    readonly requests: number;
  }[];
}

export interface UsedByClient {
  /** Empty for one that does not say. */
  readonly name: string;
  readonly version: string;
  readonly requests: number;
  /** Of the coordinates asked about, those that it uses. */
  readonly coordinates: readonly string[];
}

export interface TypeUsageWindow {
  readonly graphId: string;
  readonly variant: string;
  /** A day as `2026-11-25` in UTC. */
  readonly from: string;
  readonly coordinates: readonly string[];
}

/** Most clients and operations that are told of. */
const MOST_CLIENTS = 50;
const MOST_OPERATIONS = 10;

/** Sums up the operations that use one of some schema coordinates, since a day. */
export async function readTypeUsage(
  query: Query,
  { graphId, variant, from, coordinates }: TypeUsageWindow,
): Promise<TypeUsage> {
  const asked = sql`${sql.param(coordinates)}::text[]`;
  const { rows } = await query.execute<{ usage: TypeUsage }>(sql`
    with used as (
      select operation.hash, operation.name, client_name, client_version, sum(usage.count) as count,
        array(select unnest(operation.coordinates) intersect select unnest(${asked})) as coordinates
      from registry.usage join registry.operation on operation.id = usage.operation_id
      where operation.graph_id = ${graphId} and usage.variant = ${variant} and usage.day >= ${from}::date
        and operation.coordinates && ${asked}
      group by operation.graph_id, operation.hash, client_name, client_version
    ), by_client as (
      select client_name, client_version, sum(count) as count from used group by 1, 2
      order by count desc, client_name, client_version limit ${MOST_CLIENTS}
    ), by_field as (
      select coordinate, sum(count) as count from used, unnest(coordinates) as coordinate group by coordinate
    ), by_operation as (
      select hash, name, sum(count) as count from used group by 1, 2 order by count desc, hash limit ${MOST_OPERATIONS}
    )
    select jsonb_build_object(
      'requests', (select coalesce(sum(count), 0) from used),
      'clients', coalesce((
        select jsonb_agg(jsonb_build_object('name', client_name, 'version', client_version, 'requests', count,
          'coordinates', array(
            select distinct coordinate from used, unnest(used.coordinates) as coordinate
            where used.client_name = by_client.client_name and used.client_version = by_client.client_version order by 1
          )) order by count desc, client_name, client_version)
        from by_client), '[]'),
      'fields', coalesce((
        select jsonb_agg(jsonb_build_object('coordinate', coordinate, 'requests', count) order by coordinate) from by_field), '[]'),
      'operations', coalesce((
        select jsonb_agg(jsonb_build_object('hash', hash, 'name', name, 'requests', count) order by count desc, hash)
        from by_operation), '[]')
    ) as usage`);
  const [row] = rows;
  if (row === undefined) throw new Error('a query without a condition has given no row');
  return row.usage;
}
