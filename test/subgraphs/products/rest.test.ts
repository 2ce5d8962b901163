import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { products } from '../../../subgraphs/products/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

describeOnEachPostgres('the REST resources of products', (kind) => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await kind.create();
    service = await startTestService(products, { databaseUrl: database.url, environment: { SEED: 'demo' } });
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  async function get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${service.url}${path}`);
    return { status: response.status, body: await response.json() };
  }

  it('lists products page by page', async () => {
    const first = await get('/products?first=2&search=paper');
    expect(first).toMatchObject({
      status: 200,
      body: { products: [{ name: 'Blotting paper' }, { name: 'Paper roll' }] },
    });
    const { pageInfo } = first.body as { pageInfo: { endCursor: string } };
    expect(await get(`/products?first=2&search=paper&after=${pageInfo.endCursor}`)).toMatchObject({
      status: 200,
      body: { products: [{ name: 'Paper tape', price: '11.25', inStock: true }], pageInfo: { hasNextPage: false } },
    });
  });

  it.each(['first=0', 'first=many', 'first=1&first=2', 'after=nonsense', 'first='])(
    'refuses /products?%s',
    async (query) => {
      expect(await get(`/products?${query}`)).toMatchObject({
        status: 400,
        body: { error: { code: 'BAD_USER_INPUT' } },
      });
    },
  );

  it('shows one product', async () => {
    expect(await get(`/products/${demoId('product', 1)}`)).toEqual({
      status: 200,
      body: {
        id: demoId('product', 1),
        sku: 'TRB-0001',
        name: 'Brass gear',
        description: 'Forty teeth, cut by hand.',
        price: '12.50',
        currency: 'EUR',
        inStock: true,
      },
    });
  });

  it.each(['nothing', demoId('product', 999), '%00'])('knows no product %s', async (id) => {
    expect(await get(`/products/${id}`)).toEqual({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no such product.' } },
    });
  });

  it('is healthy and ready', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get('/ready')).toEqual({ status: 200, body: { status: 'ready' } });
  });
});
