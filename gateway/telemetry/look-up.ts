import { lookUpLost } from '../../service/lost-metrics.ts';
import type { SpanSink } from '../../service/spans.ts';
import type { GatewayMetrics } from '../metric-table.ts';

/** How one address does. */
interface Address {
  readonly url: string;
  readonly ip: string | undefined;
  readonly inFlight: number;
  readonly latencyMs: number;
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly weight: number;
}

/** What is looked up at each scrape instead of being counted. */
export interface LookedUp {
  /** By kind, then by name. */
  readonly upstreams: () => Readonly<Record<string, Readonly<Record<string, readonly Address[]>>>>;
  readonly supergraph: () => { readonly id: string; readonly version: string | undefined; readonly isLatest: boolean };
  /** How many looks for a new graph there were, by what came of them. */
  readonly reloads: () => Readonly<Record<string, number>>;
  /** `undefined` when usage is not reported. */
  readonly usage: () => { readonly waiting: number; readonly dropped: number } | undefined;
  /** `undefined` when nothing is traced. */
  readonly spans: SpanSink['look'] | undefined;
}

const OPEN = { closed: 0, 'half-open': 0.5, open: 1 } as const;

/** Has metrics looked up whenever they are asked for. */
export function lookUp(metrics: GatewayMetrics, looked: LookedUp): void {
  const inFlight = metrics.gauge('tributary_upstream_in_flight');
  const latency = metrics.gauge('tributary_upstream_latency_seconds');
  const weight = metrics.gauge('tributary_upstream_weight');
  const breaker = metrics.gauge('tributary_upstream_breaker_open');
  const info = metrics.gauge('tributary_supergraph_info');
  const isLatest = metrics.gauge('tributary_supergraph_is_latest');
  const waiting = metrics.gauge('tributary_usage_waiting_counts');
  const reloads = metrics.counter('tributary_supergraph_reloads_total');
  const dropped = metrics.counter('tributary_usage_dropped_total').at();
  lookUpLost(metrics, looked.spans);

  metrics.onScrape(() => {
    // Addresses come and go.
    for (const each of [inFlight, latency, weight, breaker, info]) each.reset();
    for (const kind of Object.values(looked.upstreams()))
      for (const [upstream, addresses] of Object.entries(kind))
        for (const { url, ip, ...doing } of addresses) {
          const labels = { upstream, address: ip === undefined ? url : `${url} ${ip}` };
          // A name may serve the graph and routes, each with connections of its own.
          inFlight.inc(labels, doing.inFlight);
          latency.set(labels, doing.latencyMs / 1_000);
          weight.set(labels, doing.weight);
          breaker.set(labels, OPEN[doing.breaker]);
        }
    const supergraph = looked.supergraph();
    info.set({ id: supergraph.id, version: supergraph.version ?? '' }, 1);
    isLatest.set(supergraph.isLatest ? 1 : 0);
    // Others count these.
    for (const [outcome, count] of Object.entries(looked.reloads())) reloads.at(outcome).value = count;
    const usage = looked.usage();
    waiting.set(usage?.waiting ?? 0);
    dropped.value = usage?.dropped ?? 0;
  });
}
