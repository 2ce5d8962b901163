import { LOST_METRICS } from '../service/lost-metrics.ts';
import { type MetricTable, SECONDS } from '../service/metric-definition.ts';
import type { Metrics } from '../service/metrics.ts';

const POINTS = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/**
 * All metrics of the gateway but those of the process, which begin with `process_` and `nodejs_`. Operations are bounded by
 * `telemetry.metrics.maxOperations`.
 */
export const METRICS = {
  tributary_request_duration_seconds: {
    type: 'histogram',
    help: 'Requests, from when they were read to the answer; outcome is ok, partial (data and errors) or failed',
    labels: ['protocol', 'operation', 'outcome'],
    buckets: SECONDS,
  },
  tributary_request_errors_total: { type: 'counter', help: 'Codes of errors in answers', labels: ['code'] },
  tributary_response_bytes_total: { type: 'counter', help: 'Bytes of answers', labels: ['protocol'] },
  tributary_response_cache_total: {
    type: 'counter',
    help: 'How whole responses came: hit, stale, coalesced, miss, …',
    labels: ['decision'],
  },
  tributary_operation_cost_points: {
    type: 'histogram',
    help: 'Cost of operations; kind is estimated or actual (where that is counted)',
    labels: ['kind'],
    buckets: POINTS,
  },
  tributary_subgraph_fetch_duration_seconds: {
    type: 'histogram',
    help: 'Fetches from subgraphs and requests to upstreams of routes, all tries together; outcome is ok or a code',
    labels: ['subgraph', 'outcome'],
    buckets: SECONDS,
  },
  tributary_upstream_tries_total: {
    type: 'counter',
    help: 'Calls to addresses; outcome is the class of the status, or why there is none',
    labels: ['upstream', 'address', 'outcome'],
  },
  tributary_upstream_in_flight: { type: 'gauge', help: 'Calls under way', labels: ['upstream', 'address'] },
  tributary_upstream_latency_seconds: {
    type: 'gauge',
    help: 'Time that a call takes lately, as the balancer reckons; it falls to 0 while there are no calls',
    labels: ['upstream', 'address'],
    aggregator: 'average',
  },
  tributary_upstream_weight: {
    type: 'gauge',
    help: '0 for an address that is left out, 1 for one that takes its whole part',
    labels: ['upstream', 'address'],
    aggregator: 'average',
  },
  tributary_upstream_breaker_open: {
    type: 'gauge',
    help: '1 while the breaker lets nothing through, 0.5 while one call tries, 0 when it is closed',
    labels: ['upstream', 'address'],
    aggregator: 'max',
  },
  tributary_cache_lookups_total: {
    type: 'counter',
    help: 'Look-ups of keys, with what became of them and the level that had it (l1 memory, l2 Redis)',
    labels: ['result', 'level'],
  },
  tributary_cache_fills_total: {
    type: 'counter',
    help: 'How what was not there came: fetched, joined (another request fetched it), lease (another gateway)',
    labels: ['source'],
  },
  tributary_cache_stored_bytes_total: { type: 'counter', help: 'Bytes written to the shared level', labels: [] },
  tributary_cache_dropped_entries_total: {
    type: 'counter',
    help: 'Entries that were not written because too many waited, or the store did not take them',
    labels: [],
  },
  tributary_cache_purges_total: {
    type: 'counter',
    help: 'Purges by this gateway; state is done, late (the store took it when it was tried again) or pending',
    labels: ['state'],
  },
  tributary_store_call_duration_seconds: {
    type: 'histogram',
    help: 'Calls of Redis; fault says why one failed',
    labels: ['call', 'fault'],
    buckets: SECONDS,
  },
  tributary_store_up: {
    type: 'gauge',
    help: '1 while there is a connection to Redis',
    labels: ['role'],
    aggregator: 'min',
  },
  tributary_store_breaker_open: {
    type: 'gauge',
    help: '1 while Redis is not asked, because it failed too often',
    labels: ['role'],
    aggregator: 'max',
  },
  tributary_rate_limit_decisions_total: {
    type: 'counter',
    help: 'Requests that a set of rate limits let through or refused, and by what',
    labels: ['set', 'decision', 'by'],
  },
  tributary_authentications_total: {
    type: 'counter',
    help: 'Tokens and API keys: verified, remembered, joined, api key, refused',
    labels: ['outcome'],
  },
  tributary_unknown_operations_total: {
    type: 'counter',
    help: 'Operations that the manifest does not have; decision is refused or answered',
    labels: ['decision'],
  },
  tributary_operations_prepared_total: {
    type: 'counter',
    help: 'Texts and plans that operations needed; source is memo or made',
    labels: ['what', 'source'],
  },
  tributary_supergraph_info: {
    type: 'gauge',
    help: '1 for the supergraph that is served',
    labels: ['id', 'version'],
    aggregator: 'first',
  },
  tributary_supergraph_is_latest: {
    type: 'gauge',
    help: '0 while the source has a graph that cannot be served, and an earlier one is',
    labels: [],
    aggregator: 'min',
  },
  tributary_supergraph_reloads_total: { type: 'counter', help: 'Looks for a new graph', labels: ['outcome'] },
  tributary_usage_waiting_counts: {
    type: 'gauge',
    help: 'Counts of operations that wait to be reported to the registry',
    labels: [],
  },
  tributary_usage_dropped_total: {
    type: 'counter',
    help: 'Runs of operations that are not reported, because too much waited',
    labels: [],
  },
  ...LOST_METRICS,
} as const satisfies MetricTable;

export type GatewayMetrics = Metrics<typeof METRICS>;
