import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { DEMO_ORDERS } from '../../../subgraphs/demo-orders.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { type StartedOrders, startOrders } from './start-orders.ts';

const ADA = demoId('user', 1);
const HERS = DEMO_ORDERS.filter(({ userId }) => userId === ADA);
const [NEWEST] = HERS;

interface Listed {
  readonly orders: readonly { readonly id: string; readonly total: string }[];
}

describeOnEachPostgres('the REST resources of orders', (kind) => {
  let database: TestDatabase;
  let service: StartedOrders;
  let ada: string;
  let charles: string;
  let admin: string;

  beforeAll(async () => {
    database = await kind.create();
    service = await startOrders({ databaseUrl: database.url, seed: 'demo' });
    ada = await service.token({ subject: ADA });
    charles = await service.token({ subject: demoId('user', 2) });
    admin = await service.token({ subject: demoId('user', 20), scopes: ['admin'] });
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });

  async function get(path: string, token?: string): Promise<{ status: number; body: unknown; code: unknown }> {
    const response = await fetch(`${service.url}${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as { error?: { code?: unknown } };
    return { status: response.status, body, code: body.error?.code };
  }

  it('lists the orders of a user, newest first', async () => {
    const { status, body } = await get(`/orders?userId=${ADA}`, ada);
    expect(status).toBe(200);
    expect((body as Listed).orders.map(({ id, total }) => ({ id, total }))).toEqual(
      HERS.map(({ id, total }) => ({ id, total })),
    );
    const { body: one } = await get(`/orders?userId=${ADA}&first=1&status=PLACED`, admin);
    expect((one as Listed).orders).toEqual([expect.objectContaining({ status: 'PLACED', currency: 'EUR' })]);
  });

  it('gives one order with its lines', async () => {
    const { status, body } = await get(`/orders/${NEWEST?.id}`, ada);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: NEWEST?.id, total: NEWEST?.total, placedAt: NEWEST?.placedAt.toISOString() });
    expect((body as { lines: unknown[] }).lines).toEqual(expect.arrayContaining([...(NEWEST?.lines ?? [])]));
  });

  it('tells who may see them by the status', async () => {
    for (const path of [`/orders?userId=${ADA}`, `/orders/${NEWEST?.id}`]) {
      expect(await get(path)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      expect(await get(path, charles)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(await get(path, await service.token({ subject: ADA, expiresInS: -60 }))).toMatchObject({ status: 401 });
      expect(await get(path, admin)).toMatchObject({ status: 200 });
    }
  });

  it.each([
    '/orders',
    `/orders?userId=${ADA}&userId=${ADA}`,
    `/orders?userId=${ADA}&first=101`,
    `/orders?userId=${ADA}&status=LOST`,
  ])('refuses GET %s', async (path) => {
    expect(await get(path, admin)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it('knows nothing of ids that are none', async () => {
    for (const id of [randomUUID(), 'nothing', '%00']) {
      expect(await get(`/orders/${id}`, admin)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    expect(await get('/orders?userId=nobody', admin)).toMatchObject({ status: 200, body: { orders: [] } });
  });
});
