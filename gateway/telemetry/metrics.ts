import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { METRICS, type MetricDefinition, type MetricName } from '../metric-table.ts';

type OfType<Type> = { [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never }[MetricName];

/** The metrics of a gateway, by their names in `METRICS`. */
export interface Metrics {
  readonly counter: (name: OfType<'counter'>) => Counter;
  readonly gauge: (name: OfType<'gauge'>) => Gauge;
  readonly histogram: (name: OfType<'histogram'>) => Histogram;
  /** Called before each scrape, for what is looked up rather than counted. */
  onScrape(collect: () => void): void;
  /** @param accept of who asks: Prometheus' text format, or OpenMetrics with exemplars */
  scrape(accept: string | undefined): Promise<Scraped>;
  /** For whoever adds up those of several processes. */
  scrapeAsJson(): Promise<object>;
}

export interface Scraped {
  readonly contentType: string;
  readonly text: string;
}

/** Makes them, all at 0. */
export function createMetrics(): Metrics {
  // Exemplars are for this format alone, and it has to be said first.
  const registry: Registry<RegistryContentType> = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  // Gauges under the names of counters; by the type of each there are others.
  for (const name of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${name}_total`);
  const made = new Map<string, Counter | Gauge | Histogram>();
  for (const [name, { type, help, labels, ...more }] of Object.entries<MetricDefinition>(METRICS)) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') made.set(name, new Counter(options));
    else if (type === 'gauge') made.set(name, new Gauge({ ...options, ...toAggregator(more) }));
    else made.set(name, new Histogram({ ...options, ...toBuckets(more), enableExemplars: true }));
  }
  // OpenMetrics has counters under shorter names; who renders it leaves them so.
  const names = registry.getMetricsAsArray().map((metric) => [metric, metric.name] as const);
  const restoreNames = () => {
    for (const [metric, name] of names) Object.assign(metric, { name });
  };
  const collects: (() => void)[] = [];
  /** The format is one of the registry, not of a scrape: they take turns. */
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(scrape: () => Promise<T>): Promise<T> => {
    const scraped = last.then(() => {
      for (const collect of collects) collect();
      return scrape();
    });
    last = scraped.catch(() => undefined);
    return scraped;
  };
  return {
    counter: (name) => made.get(name) as Counter,
    gauge: (name) => made.get(name) as Gauge,
    histogram: (name) => made.get(name) as Histogram,
    onScrape: (collect) => void collects.push(collect),
    scrape: (accept) =>
      inTurn(async () => {
        registry.setContentType(
          accept?.includes('application/openmetrics-text')
            ? Registry.OPENMETRICS_CONTENT_TYPE
            : Registry.PROMETHEUS_CONTENT_TYPE,
        );
        const text = await registry.metrics();
        restoreNames();
        return { contentType: registry.contentType, text };
      }),
    scrapeAsJson: () => inTurn(() => registry.getMetricsAsJSON()),
  };
}

/** @param exemplarLabels tell which trace is an example of it (OpenMetrics) */
export function observe(
  histogram: Histogram,
  labels: Record<string, string>,
  value: number,
  exemplarLabels?: Record<string, string>,
): void {
  // With exemplars it takes an object, whatever its types say of two arguments.
  (histogram as unknown as { observe(one: object): void }).observe({ labels, value, exemplarLabels });
}

function toAggregator(more: Pick<MetricDefinition, 'aggregator'>): Pick<MetricDefinition, 'aggregator'> {
  return more.aggregator === undefined ? {} : { aggregator: more.aggregator };
}

function toBuckets(more: { readonly buckets?: readonly number[] }): { buckets?: number[] } {
  return more.buckets === undefined ? {} : { buckets: [...more.buckets] };
}
