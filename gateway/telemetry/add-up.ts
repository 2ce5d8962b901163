import { AggregatorRegistry, Registry } from 'prom-client';
import type { Scraped } from './metrics.ts';

/**
 * Adds up what several processes have counted, each as `scrapeAsJson` gives it. How gauges are put together, `METRICS` says of each. Exemplars
 * are those of no process, and left out.
 */
export async function addUp(scraped: readonly object[]): Promise<Scraped> {
  const registry = AggregatorRegistry.aggregate(scraped as Parameters<typeof AggregatorRegistry.aggregate>[0]);
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: await registry.metrics() };
}
