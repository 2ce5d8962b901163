import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRegistry } from '../../registry/app.ts';
import { registryConfig } from '../../registry/config.ts';
import { ClosingStack } from '../../service/run.ts';
import { startCollector } from '../support/collector.ts';
import { createTestLog } from '../support/log-lines.ts';
import { createTestDatabase } from '../support/servers.ts';
import { until } from '../support/until.ts';

const KEY = 'an administrator of a test';
const TRACE = 'a'.repeat(32);

describe('what the registry tells of its requests', () => {
  const stack = new ClosingStack();
  const { log, lines } = createTestLog();
  let url: string;
  let spans: Awaited<ReturnType<typeof startCollector>>['spans'];

  beforeAll(async () => {
    const database = stack.add('database', await createTestDatabase());
    const collector = stack.add('collector', await startCollector());
    spans = collector.spans;
    const traces = { endpoint: collector.endpoint };
    const config = registryConfig.parse({ http: { port: 0 }, adminKey: KEY, graphs: ['shop'], traces });
    const registry = await startRegistry(config, log, { url: database.url, isEmbedded: true });
    url = stack.add('registry', registry).url;
  });
  afterAll(() => stack.close());

  it('is a line, a number and a span, by the pattern of the route and without the key', async () => {
    const headers = { 'x-api-key': KEY, traceparent: `00-${TRACE}-${'b'.repeat(16)}-01` };
    const route = '/supergraph/:graph/:variant';
    expect((await fetch(`${url}/supergraph/shop/current?key=${KEY}`, { headers })).status).toBe(404);
    expect(JSON.parse(await lines.find(/"msg":"request"/))).toMatchObject({ method: 'GET', route, status: 404 });
    const scraped = await (await fetch(`${url}/metrics`)).text();
    expect(scraped).toContain(
      `tributary_http_request_duration_seconds_count{route="${route}",method="GET",status="404"} 1`,
    );
    expect(scraped).toMatch(/^process_resident_memory_bytes \d+$/m);
    await until(() => spans.length > 0);
    expect(spans).toEqual([
      expect.objectContaining({
        service: 'registry',
        name: `GET ${route}`,
        traceId: TRACE,
        parentSpanId: 'b'.repeat(16),
      }),
    ]);
    expect(lines.all.filter((line) => line.includes(KEY))).toEqual([]);
  });
});
