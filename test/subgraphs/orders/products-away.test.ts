import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { place, type StartedOrders, startOrders } from './start-orders.ts';

/** For products that never answer: the rest, such as the first token of this service, comes within it on a busy machine, too. */
const TIMEOUT_MS = 3_000;
/** For what is to succeed. */
const PATIENT = { ORDERS_PRODUCTS_TIMEOUT_MS: '30000' };
const GEAR = demoId('product', 1);

/** What an order gets when what it needs is not there: an error, nothing stored, and another try with the same key. */
describe('orders while products cannot be asked', () => {
  let database: TestDatabase;
  let server: RawServer | undefined;
  let service: StartedOrders | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await service?.close();
    await server?.close();
    server = undefined;
  });
  afterAll(() => database.close());

  const startWith = async (options: Record<string, string>) => {
    service = await startOrders({
      databaseUrl: database.url,
      options: { ORDERS_PRODUCTS_TIMEOUT_MS: String(TIMEOUT_MS), ...options },
    });
    return { service, token: await service.token({ subject: demoId('user', 1) }) };
  };
  const answering = async (listener: RequestListener, options: Record<string, string> = {}) => {
    server = await startRawServer(listener);
    return startWith({ ORDERS_PRODUCTS_URL: new URL(server.url).origin, ...options });
  };
  const storedIn = async ({ pool }: StartedOrders) => {
    const { rows } = await pool.query(
      'select (select count(*) from orders."order") + (select count(*) from orders.outbox) as n',
    );
    return Number(rows[0]?.n);
  };

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['begins an answer and never ends it', (_request, response) => void response.writeHead(200).write('{ "lines": [')],
    ['closes the connection', (request) => request.socket.destroy()],
    ['fails', (_request, response) => void response.writeHead(500).end('{}')],
    ['answers HTML', (_request, response) => void response.end('<!doctype html>')],
    ['answers something else', (_request, response) => void response.end('{ "lines": [{ "productId": 1 }] }')],
    [
      'does not let this service in',
      (_request, response) => void response.writeHead(403).end('{ "error": { "code": "FORBIDDEN", "message": "no" } }'),
    ],
    [
      'takes no token of this service',
      (_request, response) =>
        void response.writeHead(401).end('{ "error": { "code": "UNAUTHENTICATED", "message": "no" } }'),
    ],
  ])('are refused when products %s', async (_title, listener) => {
    const { service, token } = await answering(listener);
    // Some of these never end by themselves, so that only the timeout lets the test go on.
    const { data, codes, errors } = await place(service.url, token, [[GEAR, 1]]);
    expect(data.placeOrder).toBeNull();
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
    expect(errors[0]?.extensions).toMatchObject({ service: 'products' });
    expect(await storedIn(service)).toBe(0);
  });

  it('are placed with the same key once products is back', async () => {
    const { service, token } = await startWith({ ORDERS_PRODUCTS_URL: 'http://127.0.0.1:1' });
    const key = randomUUID();
    expect((await place(service.url, token, [[GEAR, 1]], key)).codes).toEqual(['SERVICE_UNAVAILABLE']);
    await service.close();
    const { service: repaired } = await startWith(PATIENT);
    const again = await repaired.token({ subject: demoId('user', 1) });
    expect(await place(repaired.url, again, [[GEAR, 1]], key)).toMatchObject({ codes: [], data: { placeOrder: {} } });
    await repaired.pool.query('delete from orders.order_line');
    await repaired.pool.query('delete from orders."order"');
  });

  it.each<[string, Record<string, string>]>([
    ['has no secret', { ORDERS_CLIENT_SECRET: '' }],
    ['has a wrong secret', { ORDERS_CLIENT_SECRET: 'guessed' }],
    ['cannot reach the issuer', { ORDERS_CLIENT_TOKEN_URL: 'http://127.0.0.1:1/oauth/token' }],
  ])('are refused when this service %s', async (_title, options) => {
    const { service, token } = await startWith(options);
    const { codes, errors } = await place(service.url, token, [[GEAR, 1]]);
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
    expect(errors[0]?.extensions).toMatchObject({ service: 'users' });
    expect(await storedIn(service)).toBe(0);
  });

  it('are placed with a new token when products refuses the old one', async () => {
    const seen: (string | undefined)[] = [];
    const { service, token } = await answering((request, response) => {
      seen.push(request.headers.authorization);
      if (seen.length === 1) response.writeHead(401).end('{}');
      else
        response.end(JSON.stringify({ lines: [{ productId: GEAR, quantity: 1, unitPrice: '1.00', currency: 'EUR' }] }));
    }, PATIENT);
    const { data } = await place(service.url, token, [[GEAR, 1]]);
    expect(data.placeOrder?.total).toBe('1.00');
    expect(seen).toHaveLength(2);
    expect(service.issuer.countTokens()).toBe(2);
  });
});
