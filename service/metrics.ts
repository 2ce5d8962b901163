import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Gauge,
  type Metric,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import type { MetricDefinition, MetricTable } from './metric-definition.ts';
import { CounterFamily, HistogramFamily } from './metric-series.ts';

type OfType<Table extends MetricTable, Type> = {
  [Name in keyof Table]: Table[Name]['type'] extends Type ? Name : never;
}[keyof Table];

/** The metrics of a table, by their names there, and those of the process. */
export interface Metrics<Table extends MetricTable> {
  readonly counter: (name: OfType<Table, 'counter'>) => CounterFamily;
  readonly gauge: (name: OfType<Table, 'gauge'>) => Gauge;
  readonly histogram: (name: OfType<Table, 'histogram'>) => HistogramFamily;
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

/** The format is one of a registry, not of a scrape, and the process is in all registries: scrapes take turns. */
let last: Promise<unknown> = Promise.resolve();

/** Makes them, all at 0. */
export function createMetrics<Table extends MetricTable>(table: Table): Metrics<Table> {
  // Exemplars are for this format alone, and it has to be said first.
  const registry: Registry<RegistryContentType> = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const metric of processMetrics()) registry.registerMetric(metric);
  const made = new Map<keyof Table, CounterFamily | Gauge | HistogramFamily>();
  for (const [name, definition] of Object.entries<MetricDefinition>(table)) {
    const metric = toMetric(name, definition);
    registry.registerMetric(metric as unknown as Metric);
    made.set(name, metric);
  }
  // OpenMetrics has counters under shorter names; who renders it leaves them so.
  const names = registry.getMetricsAsArray().map((metric) => [metric, metric.name] as const);
  const restoreNames = () => {
    for (const [metric, name] of names) Object.assign(metric, { name });
  };
  const collects: (() => void)[] = [];

  const inTurn = <T>(scrape: () => Promise<T>): Promise<T> => {
    const scraped = last.then(() => {
      for (const collect of collects) collect();
      return scrape();
    });
    last = scraped.catch(() => undefined);
    return scraped;
  };
  return {
    counter: (name) => made.get(name) as CounterFamily,
    gauge: (name) => made.get(name) as Gauge,
    histogram: (name) => made.get(name) as HistogramFamily,
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

let ofProcess: readonly Metric[] | undefined;

/** Once for all servers of a process: each more would watch the same event loop with a timer of its own, which nothing ends. */
function processMetrics(): readonly Metric[] {
  if (ofProcess === undefined) {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    // Gauges under the names of counters; by the type of each there are others.
    for (const name of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${name}_total`);
    ofProcess = registry.getMetricsAsArray() as unknown as readonly Metric[];
  }
  return ofProcess;
}

/**
 * Adds up what several processes have counted, each as `scrapeAsJson` gives it. How gauges are put together, their table says. Exemplars
 * are those of no process, and left out.
 */
export async function addUp(scraped: readonly object[]): Promise<Scraped> {
  const registry = AggregatorRegistry.aggregate(scraped as Parameters<typeof AggregatorRegistry.aggregate>[0]);
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: await registry.metrics() };
}

function toMetric(name: string, definition: MetricDefinition): CounterFamily | Gauge | HistogramFamily {
  const { type, help, labels, aggregator } = definition;
  if (type === 'counter') return new CounterFamily(name, definition);
  if (type === 'histogram') return new HistogramFamily(name, definition);
  return new Gauge({ name, help, labelNames: [...labels], registers: [], ...(aggregator && { aggregator }) });
}
