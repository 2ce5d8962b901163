import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningSubgraphs } from '../../subgraphs/start-all.ts';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { createTestDatabase, type TestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';
import { until } from '../support/until.ts';

const LESSON = 'query Lesson { me { name email orders { id total } } }';

describe('one trace of the whole system', () => {
  let collector: Collector;
  let database: TestDatabase;
  let system: RunningSubgraphs;
  let gateway: TestGateway;
  let ada: { authorization: string };

  beforeAll(async () => {
    collector = await startCollector();
    database = await createTestDatabase();
    const traced = ['USERS', 'ORDERS', 'PRODUCTS'].map((name) => [`${name}_TRACES_ENDPOINT`, collector.endpoint]);
    system = await startTestSystem(database.url, undefined, Object.fromEntries(traced));
    gateway = await startGatewayOver(system, {
      GATEWAY_TELEMETRY_TRACES_ENDPOINT: collector.endpoint,
      GATEWAY_TELEMETRY_TRACES_SAMPLE: '0',
    });
    ada = await logIn(gateway, 'ada@example.com');
  }, 60_000);
  afterAll(async () => {
    await gateway.close();
    await system.close();
    await database.close();
    await collector.close();
  });

  /** All spans of a trace, once those that are named are there. */
  async function spansOf(traceId: string, names: readonly string[]): Promise<readonly CollectedSpan[]> {
    const found = () => collector.spans.filter((span) => span.traceId === traceId);
    await until(() => names.every((name) => found().some((span) => `${span.service} ${span.name}` === name)));
    return found();
  }

  it('spans client, gateway and two subgraphs, each below the one that asked', async () => {
    const [traceId, clientSpan] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const headers = { ...ada, traceparent: `00-${traceId}-${clientSpan}-01` };
    const { body } = await gateway.query(LESSON, { headers });
    expect(body.errors).toBeUndefined();
    const spans = await spansOf(traceId, ['gateway query Lesson', 'users POST /graphql', 'orders POST /graphql']);
    const one = (service: string, name: string) => {
      const matching = spans.filter((span) => span.service === service && span.name === name);
      expect(matching).toHaveLength(1);
      return matching[0] as CollectedSpan;
    };
    const request = one('gateway', 'query Lesson');
    const executing = one('gateway', 'execute');
    expect([request.parentSpanId, executing.parentSpanId]).toEqual([clientSpan, request.spanId]);
    expect(request.attributes).toMatchObject({ 'graphql.operation.name': 'Lesson', 'graphql.operation.type': 'query' });
    for (const step of ['authenticate', 'prepare', 'authorize', 'plan'])
      expect(one('gateway', step).parentSpanId).toBe(request.spanId);
    for (const subgraph of ['users', 'orders']) {
      const fetch = one('gateway', `fetch ${subgraph}`);
      const attempt = one('gateway', `try 1 of ${subgraph}`);
      const served = one(subgraph, 'POST /graphql');
      expect([fetch.parentSpanId, attempt.parentSpanId, served.parentSpanId]).toEqual([
        executing.spanId,
        fetch.spanId,
        fetch.spanId,
      ]);
      // Within the time of who asked.
      expect(BigInt(attempt.startTimeUnixNano) >= BigInt(fetch.startTimeUnixNano)).toBe(true);
      expect(BigInt(attempt.endTimeUnixNano) <= BigInt(fetch.endTimeUnixNano)).toBe(true);
    }
  });

  it('is kept by nobody whom its client does not ask to, when all goes well', async () => {
    const traceId = randomBytes(16).toString('hex');
    await gateway.query(LESSON, { headers: { ...ada, traceparent: `00-${traceId}-${'1'.repeat(16)}-00` } });
    const kept = randomBytes(16).toString('hex');
    await gateway.query('{ __typename }', { headers: { traceparent: `00-${kept}-${'1'.repeat(16)}-01` } });
    await spansOf(kept, ['gateway query']);
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });

  it('is kept by the gateway when something fails', async () => {
    const traceId = randomBytes(16).toString('hex');
    await gateway.query('query Failing { nope }', { headers: { traceparent: `00-${traceId}-${'1'.repeat(16)}-00` } });
    const [span] = await spansOf(traceId, ['gateway graphql']);
    expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'GRAPHQL_VALIDATION_FAILED' } });
  });

  it('is what examples of the subgraphs’ metrics lead to', async () => {
    const traceId = randomBytes(16).toString('hex');
    // Nothing of it is kept by the cache.
    await gateway.query('{ me { email orders { status } } }', {
      headers: { ...ada, traceparent: `00-${traceId}-${'1'.repeat(16)}-01` },
    });
    for (const { url } of [system.users, system.orders])
      await until(async () => {
        const headers = { accept: 'application/openmetrics-text; version=1.0.0' };
        const text = await (await fetch(`${url}/metrics`, { headers })).text();
        return text.includes(`route="/graphql",method="POST",status="200"`) && text.includes(`trace_id="${traceId}"`);
      });
  });
});
