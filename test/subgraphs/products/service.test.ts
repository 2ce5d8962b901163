import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DEMO_PRODUCTS } from '../../../subgraphs/demo.ts';
import { products } from '../../../subgraphs/products/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { startTestService } from '../support/test-service.ts';

describeOnEachPostgres('products, started again', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await kind.create();
  });

  afterEach(() => database.close());

  const start = (environment: Record<string, string>) =>
    startTestService(products, { databaseUrl: database.url, environment });

  it('have nothing for sale that nobody put there', async () => {
    const service = await start({});
    expect((await service.pool.query('select 1 from products.product')).rowCount).toBe(0);
    await service.close();
  });

  it('get the demo products once, and keep what became of their stock', async () => {
    const first = await start({ SEED: 'demo' });
    await first.pool.query('update products.stock set on_hand = 1 where on_hand > 1');
    await first.close();
    const second = await start({ SEED: 'demo' });
    const { rows } = await second.pool.query(
      'select count(*), sum(on_hand) as stock from products.product join products.stock on product_id = id',
    );
    expect(rows).toEqual([{ count: String(DEMO_PRODUCTS.length), stock: String(DEMO_PRODUCTS.length - 1) }]);
    await second.close();
  });
});
