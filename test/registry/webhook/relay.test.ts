import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { listDeliveries } from '../../../registry/storage/deliveries.ts';
import { recordVersion } from '../../../registry/webhook/record.ts';
import { type RelayOptions, relayDeliveries } from '../../../registry/webhook/relay.ts';
import { signedHeaders } from '../../../registry/webhook/sign.ts';
import { createWebhook } from '../../../registry/webhook/webhooks.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describeOnEachPostgres('telling webhooks', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  let server: RawServer;
  let calls: Call[];
  let answer: (path: string, response: ServerResponse) => void;
  let stack: ClosingStack;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url, { onVersion: recordVersion });
    server = await startRawServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        const path = request.url ?? '';
        calls.push({ path, headers: request.headers, body });
        answer(path, response);
      });
    });
  });
  beforeEach(async () => {
    for (const table of ['webhook', 'variant']) await registry.database.query.execute(`delete from registry.${table}`);
    calls = [];
    answer = (_path, response) => void response.end();
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());
  afterAll(async () => {
    await server.close();
    await registry.close();
    await database.close();
  });

  const relay = (more: Partial<RelayOptions> = {}) =>
    stack.add(
      'relay',
      relayDeliveries({
        ...{ database: registry.database, log: createLog('registry', 'silent'), timeoutMs: 5_000, attempts: 3 },
        ...{ concurrency: 4, pollIntervalMs: 10, pauseAfter: () => 0, ...more },
      }),
    );
  const create = (path: string, url = new URL(path, server.url).href) =>
    createWebhook(registry.publishing, {
      ...{ graphId: GRAPH, variant: null, url, events: ['version.published'], actor: ADMINISTRATOR },
    });
  const publish = (field: string) => registry.publish('users', `type Query { ${field}: Int }`);
  const deliveries = (id: string) => listDeliveries(registry.database.query, id, 99);
  const settled = (id: string, state: string, count = 1) =>
    until(async () => (await deliveries(id)).filter((each) => each.state === state).length === count);

  it('is signed, and once when it is heard', async () => {
    const { id, secret } = await create('/hook');
    await publish('a');
    relay();
    await settled(id, 'delivered');
    expect(await deliveries(id)).toMatchObject([{ attempts: 1, lastOutcome: 'HTTP 200' }]);
    const [call, ...others] = calls;
    expect(others).toEqual([]);
    expect(call?.path).toBe('/hook');
    expect(JSON.parse(call?.body ?? '')).toMatchObject({ type: 'version.published', data: { version: 1 } });
    const { 'webhook-id': messageId, 'webhook-timestamp': timestamp } = call?.headers ?? {};
    const message = { id: String(messageId), timestamp: Number(timestamp), body: call?.body ?? '' };
    expect(call?.headers).toMatchObject(signedHeaders(secret, message));
  });

  it('is tried again while it fails, with the same id, and then given up', async () => {
    const { id } = await create('/hook');
    await publish('a');
    answer = (_path, response) => void response.writeHead(503).end();
    const pauses: number[] = [];
    relay({ pauseAfter: (failures) => pauses.push(failures) });
    await settled(id, 'given up');
    expect(await deliveries(id)).toMatchObject([{ attempts: 3, lastOutcome: 'HTTP 503' }]);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(calls).toHaveLength(3);
    expect(pauses).toEqual([1, 2]);
  });

  it('goes on when it is heard at last', async () => {
    const { id } = await create('/hook');
    await publish('a');
    answer = (_path, response) => void response.writeHead(calls.length < 3 ? 500 : 204).end();
    relay();
    await settled(id, 'delivered');
    expect(await deliveries(id)).toMatchObject([{ attempts: 3, lastOutcome: 'HTTP 204' }]);
  });

  it('follows no redirect', async () => {
    const { id } = await create('/hook');
    await publish('a');
    answer = (_path, response) => void response.writeHead(307, { location: '/elsewhere' }).end();
    relay({ attempts: 1 });
    await settled(id, 'given up');
    expect(await deliveries(id)).toMatchObject([{ lastOutcome: 'HTTP 307, and redirects are not followed' }]);
    expect(calls.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('waits for no answer longer than it may take, nor for one that is not there', async () => {
    const hanging = await create('/hangs');
    const away = await create('', 'http://127.0.0.1:1/');
    await publish('a');
    answer = () => undefined;
    relay({ attempts: 1, timeoutMs: 100 });
    await settled(hanging.id, 'given up');
    await settled(away.id, 'given up');
    expect(await deliveries(hanging.id)).toMatchObject([{ lastOutcome: 'no answer within 100 ms' }]);
    expect(await deliveries(away.id)).toMatchObject([{ lastOutcome: expect.stringMatching(/\S/) }]);
  });

  it('goes on for others while one hangs, and in order for each', async () => {
    const hanging = await create('/hangs');
    const good = await create('/good');
    for (const field of ['a', 'b', 'c', 'd']) await publish(field);
    answer = (path, response) => void (path === '/good' && response.end());
    relay({ concurrency: 2, timeoutMs: 60_000 });
    await settled(good.id, 'delivered', 4);
    const heard = calls.filter(({ path }) => path === '/good').map(({ body }) => JSON.parse(body).data.version);
    expect(heard).toEqual([1, 2, 3, 4]);
    expect(calls.filter(({ path }) => path === '/hangs')).toHaveLength(1);
    expect((await deliveries(hanging.id)).map(({ state }) => state)).toEqual(Array(4).fill('waiting'));
  });

  it('is shared by processes, none twice', async () => {
    const hooks = [await create('/one'), await create('/two')];
    for (const field of ['a', 'b', 'c', 'd', 'e']) await publish(field);
    relay();
    relay();
    relay();
    for (const { id } of hooks) await settled(id, 'delivered', 5);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(10);
    expect(calls).toHaveLength(10);
  });

  it('is given back when the process stops in the middle, and taken over when it dies', async () => {
    const { id } = await create('/hook');
    await publish('a');
    answer = () => undefined;
    const first = relayDeliveries({
      ...{ database: registry.database, log: createLog('registry', 'silent'), timeoutMs: 60_000, attempts: 3 },
      ...{ concurrency: 4, pollIntervalMs: 10 },
    });
    await until(() => calls.length === 1);
    await first.close();
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    // As one leaves it that dies with a delivery in hand.
    await registry.database.query.execute(
      "update registry.delivery set attempts = 1, next_attempt_at = now() + interval '1 hour'",
    );
    answer = (_path, response) => void response.end();
    let now = Date.now();
    relay({ now: () => new Date(now) });
    now += 3_600_000 + 1_000;
    await settled(id, 'delivered');
    expect(await deliveries(id)).toMatchObject([{ attempts: 2 }]);
  });

  it('forgets what is over after thirty days', async () => {
    const { id } = await create('/hook');
    await publish('a');
    relay();
    await settled(id, 'delivered');
    relay({ now: () => new Date(Date.now() + 31 * 24 * 3_600_000) });
    await until(async () => (await deliveries(id)).length === 0);
  });
});
