/**
 * Hive Gateway's configuration, read by its command line: `BENCH_SHARED` is what it shares across requests, a list of
 * `fetches` (its default) and `requests`. JIT and the Rust planner are flags of the command line. `BENCH_KEEPING`:
 * whether it keeps whole responses, in its memory, for everybody.
 */
const shared = (process.env.BENCH_SHARED ?? '').split(',');

export const gatewayConfig = {
  logging: 'info',
  // No look at the file for changes, no landing page: nothing beside the requests.
  pollingInterval: 0,
  landingPage: false,
  graphiql: false,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: shared.includes('fetches') } } },
  inboundInflightRequestDeduplication: shared.includes('requests'),
  ...(process.env.BENCH_KEEPING === 'true' && {
    cache: { type: 'localforage' },
    responseCaching: { session: () => null, ttl: 60_000 },
  }),
};
