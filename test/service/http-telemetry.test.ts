import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, listen } from '../../service/http-server.ts';
import { type HttpTelemetryConfig, openHttpTelemetry } from '../../service/http-telemetry.ts';
import type { LogLevel } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { startCollector } from '../support/collector.ts';
import { createTestLog } from '../support/log-lines.ts';
import { until } from '../support/until.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const kept = { traceparent: `00-${TRACE}-${SPAN}-01` };

describe('what a server tells of its requests', () => {
  let stack: ClosingStack;
  afterEach(() => stack.close());

  async function start(config: Partial<HttpTelemetryConfig> = {}, level: LogLevel = 'info') {
    stack = new ClosingStack();
    const { log, lines } = createTestLog(level);
    const app = createServer({ log });
    const all = { requestLog: { isEnabled: true }, metrics: { isEnabled: true }, traces: {}, ...config };
    stack.add('telemetry', await openHttpTelemetry(app, all, { service: 'one', log, regular: ['/regular/:id'] }));
    app.get('/health', async () => ({ status: 'ok' }));
    app.get('/ready', async (_request, reply) => reply.code(503).send({ status: 'not ready' }));
    app.get<{ Params: { id: string } }>('/regular/:id', async ({ params }, reply) =>
      reply.code(params.id === 'bad' ? 400 : 200).send({}),
    );
    app.get('/things/:id', async (request, reply) => reply.send({ id: request.id }));
    app.get('/broken', async () => {
      throw new Error('broken');
    });
    stack.add('server', app);
    const url = await listen(app, { host: '127.0.0.1', port: 0, option: 'PORT' });
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
    const requests = () =>
      lines.all.map((line) => JSON.parse(line)).filter(({ msg }: { msg: string }) => msg === 'request');
    const scrape = async (accept?: string) => (await get('/metrics', accept === undefined ? {} : { accept })).text();
    /** A line and a number come after the answer. */
    const told = (count: number) => until(() => requests().length >= count);
    return { get, requests, scrape, told, lines };
  }

  it('is a line for each in the log, with what was asked for by its pattern, and nothing that a client chose', async () => {
    const { get, requests, told, lines } = await start();
    const answer = await get('/things/secret-id?token=secret-query', {
      ...{ ...kept, authorization: 'Bearer secret-token', cookie: 'secret-cookie', 'x-request-id': 'secret-header' },
    });
    const { id } = (await answer.json()) as { id: string };
    await get('/secret-path');
    await get('/broken', { traceparent: 'secret-trace' });
    await told(3);
    const [found, nowhere, broken] = [200, 404, 500].map((code) =>
      requests().find(({ status }: { status: number }) => status === code),
    );
    expect(found).toEqual({
      ...{ level: 'info', service: 'test', msg: 'request', time: expect.any(String) },
      ...{ requestId: id, method: 'GET', route: '/things/:id', status: 200, traceId: TRACE },
      durationMs: expect.any(Number),
    });
    expect(nowhere).toMatchObject({ status: 404 });
    for (const field of ['route', 'traceId']) expect(nowhere).not.toHaveProperty(field);
    expect(broken).toMatchObject({ route: '/broken', status: 500 });
    expect(broken).not.toHaveProperty('traceId');
    expect(lines.all.filter((line) => line.includes('secret'))).toEqual([]);
  });

  it('leaves out who asks how the process does, or comes all the time, unless that is not well, or the level is debug', async () => {
    for (const [level, routes] of [
      ['info', ['/ready', '/regular/:id', '/things/:id']],
      ['debug', ['/health', '/metrics', '/ready', '/regular/:id', '/regular/:id', '/things/:id']],
    ] as const) {
      const { get, requests, scrape, told } = await start({}, level);
      await get('/health');
      await scrape();
      await get('/ready');
      await get('/regular/good');
      await get('/regular/bad');
      await get('/things/1');
      await told(routes.length);
      expect(
        requests()
          .map(({ route }: { route: string }) => route)
          .sort(),
      ).toEqual(routes);
      await stack.close();
    }
  });

  it('is how often each route was asked and how long it took, with as many labels as there are routes', async () => {
    const { get, scrape, told } = await start();
    for (let number = 0; number < 20; number++) await get(`/things/${number}`);
    for (let number = 0; number < 20; number++) await get(`/nothing/${number}?of=${number}`);
    await told(40);
    const counts = (await scrape()).split('\n').filter((line) => /^tributary_\w+_count/.test(line));
    expect(counts).toEqual([
      'tributary_http_request_duration_seconds_count{route="/things/:id",method="GET",status="200"} 20',
      'tributary_http_request_duration_seconds_count{route="none",method="GET",status="404"} 20',
    ]);
  });

  it('has examples in the OpenMetrics form, of requests whose trace is kept', async () => {
    const { get, scrape, told } = await start();
    await get('/things/1', kept);
    await get('/broken', { traceparent: kept.traceparent.replace(/01$/, '00') });
    await told(2);
    const text = await scrape('application/openmetrics-text; version=1.0.0');
    expect(text.trimEnd()).toMatch(/\n# EOF$/);
    const examples = text.split('\n').filter((line) => line.includes(' # {'));
    expect(examples).toEqual([expect.stringMatching(`route="/things/:id".* # {trace_id="${TRACE}"}`)]);
    expect(await scrape()).not.toContain('trace_id');
  });

  it('has the numbers of the process in every server of it, whoever asks for them at the same time and in what form', async () => {
    const one = await start();
    const first = stack;
    const another = await start();
    stack.add('first', first);
    const texts = await Promise.all(
      [one, another, one, another].map(({ scrape }, index) =>
        scrape(index % 2 === 0 ? 'text/plain' : 'application/openmetrics-text'),
      ),
    );
    for (const [index, text] of texts.entries()) {
      expect(text).toMatch(/^process_cpu_seconds_total [\d.e-]+$/m);
      expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
      expect(text).toContain(index % 2 === 0 ? '# TYPE process_cpu_seconds_total ' : '# TYPE process_cpu_seconds ');
    }
  });

  it('is a span for each that is part of a trace which is kept', async () => {
    const collector = await startCollector();
    const { get, told, scrape } = await start({ traces: { endpoint: collector.endpoint } });
    stack.add('collector', collector);
    await get('/things/1', { traceparent: kept.traceparent.replace(/01$/, '00') });
    await get('/things/2');
    await get('/broken', kept);
    await get('/nothing', kept);
    await told(4);
    await until(() => collector.spans.length >= 2);
    const spans = collector.spans.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(spans).toEqual([
      expect.objectContaining({
        ...{ service: 'one', name: 'GET /broken', traceId: TRACE, parentSpanId: SPAN, status: { code: 2 } },
      }),
      expect.objectContaining({ name: 'GET nowhere', traceId: TRACE, parentSpanId: SPAN, status: { code: 0 } }),
    ]);
    await until(async () => /^tributary_spans_total\{outcome="sent"\} 2$/m.test(await scrape()));
    collector.answer = 500;
    await get('/broken', kept);
    await until(async () => /^tributary_spans_total\{outcome="lost"\} 1$/m.test(await scrape()));
  });

  it('is nothing when all of it is off', async () => {
    const { get, lines } = await start({ requestLog: { isEnabled: false }, metrics: { isEnabled: false } });
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/things/1')).status).toBe(200);
    await stack.close();
    expect(lines.all).toEqual([]);
  });
});
