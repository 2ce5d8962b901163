import { sql } from 'drizzle-orm';
import type { Query } from './query.ts';

/** Which usage is looked at. */
export interface UsageWindow {
  readonly graphId: string;
  readonly variants: readonly string[];
  /** Days as `2026-11-25` in UTC, both included. */
  readonly from: string;
  readonly to: string;
  /** `null` in either: any. */
  readonly excludedClients: readonly { readonly name: string | null; readonly version: string | null }[];
  readonly excludedOperationNames: readonly string[];
  /** Operations by their hash. */
  readonly ignoredOperations: readonly string[];
  /** An operation counts that was asked for so often. */
  readonly countThreshold: number;
  /** An operation counts that is such a part of all requests; 0.05 is 5 %. */
  readonly shareThreshold: number;
}

/** Which operations are wanted one by one. */
export interface WantedOperations {
  /** Those that use one of these schema coordinates. */
  readonly coordinates: readonly string[];
  /** And so many of those that are used most. */
  readonly mostUsed: number;
  /** Not more than so many in all, or as many as `mostUsed`; `MOST_READ` if nothing is said. */
  readonly most?: number;
}

/** Twenty thousand, with all that they use, would be tens of megabytes to read. */
const MOST_READ = 2_000;

/** An operation in a window. */
export interface UsedOperation {
  readonly hash: string;
  readonly name: string | null;
  /** How often it was asked for. */
  readonly count: number;
  /** Of the coordinates that were asked about. */
  readonly coordinates: readonly string[];
  /** The three clients that ask for it most. */
  readonly clients: readonly { readonly name: string; readonly version: string; readonly count: number }[];
  /** Whether it is one of those that are used most. */
  readonly isPopular: boolean;
  /** Only where it is popular. */
  readonly body: string | null;
}

/** What was used in a window. */
export interface WindowUsage {
  /** Whether anything was reported, also of what is excluded. */
  readonly isKnown: boolean;
  /** Whether only operations count that are used more often than some are. */
  readonly hasThreshold?: boolean;
  /** How many different operations count. */
  readonly operations: number;
  /** How often they were asked for in all. */
  readonly requests: number;
  /** The wanted ones among them, those that are used most first. */
  readonly wanted: readonly UsedOperation[];
  /** Those of them that there was no room for; of each coordinate, those that are used most came first. */
  readonly leftOut: LeftOut;
}

/** Operations that use some of the coordinates that were asked about. */
export interface LeftOut {
  readonly operations: number;
  /** Each is used by one of them at least. */
  readonly coordinates: readonly string[];
}

/** Whether anything was reported in a window, also of what is excluded. */
export async function hasUsage(query: Query, { graphId, variants, from, to }: UsageWindow): Promise<boolean> {
  const { rows } = await query.execute<{ found: boolean }>(sql`
    select exists (
      select from registry.usage used join registry.operation on operation.id = used.operation_id
      where operation.graph_id = ${graphId} and used.variant = any(${sql.param(variants)}::text[])
        and used.day between ${from}::date and ${to}::date
    ) as found`);
  return rows[0]?.found === true;
}

/**
 * Sums up a window in one query, which the database does where the rows are: a week of 500 operations and 40 clients is 140,000 of
 * them, and one row comes back.
 */
export async function readUsageWindow(
  query: Query,
  { graphId, variants, from, to, countThreshold, shareThreshold, ...without }: UsageWindow,
  { coordinates, mostUsed, most = MOST_READ }: WantedOperations,
): Promise<WindowUsage> {
  const clients = without.excludedClients.filter(({ name, version }) => name !== null || version !== null);
  const list = (values: readonly (string | null)[]) => sql`${sql.param(values)}::text[]`;
  const { rows } = await query.execute<{ usage: WindowUsage }>(sql`
    with reported as not materialized (
      select used.operation_id, used.client_name, used.client_version, used.count
      from registry.usage used join registry.operation on operation.id = used.operation_id
      where operation.graph_id = ${graphId} and used.variant = any(${list(variants)})
        and used.day between ${from}::date and ${to}::date
    ), by_client as (
      select operation_id, client_name, client_version, sum(reported.count) as count,
        row_number() over (partition by operation_id order by sum(reported.count) desc, client_name, client_version) as place
      from reported
      group by operation_id, client_name, client_version
      having not exists (
        select from unnest(${list(clients.map(({ name }) => name))}, ${list(clients.map(({ version }) => version))}) as excluded (name, version)
        where coalesce(excluded.name = client_name, true) and coalesce(excluded.version = client_version, true)
      )
    ), by_operation as (
      select operation_id, sum(by_client.count) as count,
        jsonb_agg(jsonb_build_object('name', client_name, 'version', client_version, 'count', by_client.count) order by place)
          filter (where place <= 3) as clients
      from by_client join registry.operation on operation.id = operation_id
      where operation.hash <> all(${list(without.ignoredOperations)})
        and coalesce(operation.name, '') <> all(${list(without.excludedOperationNames)})
      group by operation_id
    ), counting as (
      select *, row_number() over (order by count desc, operation_id) as place from by_operation
      where count >= ${countThreshold} and count >= ${shareThreshold}::float8 * (select sum(count) from by_operation)
    ), wanted as (
      select operation.hash, operation.name, counting.count, counting.clients, counting.place <= ${mostUsed} as is_popular,
        array(select unnest(operation.coordinates) intersect select unnest(${list(coordinates)})) as coordinates,
        case when counting.place <= ${mostUsed} then operation.body end as body
      from counting join registry.operation on operation.id = counting.operation_id
      where counting.place <= ${mostUsed} or operation.coordinates && ${list(coordinates)}
    ), best as (
      select hash, min(place) as place from (
        select hash, row_number() over (partition by coordinate order by count desc, hash) as place
        from wanted, unnest(coordinates) as coordinate
      ) as by_coordinate group by hash
    ), ranked as (
      select wanted.*, row_number() over (order by is_popular desc, best.place, count desc, hash) <= ${Math.max(most, mostUsed)} as is_read
      from wanted left join best using (hash)
    )
    select jsonb_build_object(
      'isKnown', exists (select from reported),
      'operations', (select count(*) from counting),
      'requests', (select coalesce(sum(count), 0) from counting),
      'wanted', coalesce((
        select jsonb_agg(jsonb_build_object('hash', hash, 'name', name, 'count', count, 'clients', clients,
          'isPopular', is_popular, 'coordinates', coordinates, 'body', body) order by count desc, hash)
        from ranked where is_read
      ), '[]'),
      'leftOut', jsonb_build_object(
        'operations', (select count(*) from ranked where not is_read),
        'coordinates', (select coalesce(jsonb_agg(distinct coordinate), '[]') from ranked, unnest(coordinates) as coordinate where not is_read)
      )
    ) as usage`);
  const [row] = rows;
  if (row === undefined) throw new Error('a query without a condition has given no row');
  return { ...row.usage, hasThreshold: countThreshold > 1 || shareThreshold > 0 };
}
