import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { as, openShop, openShopGateway, renew, type Shop, type ShopGateway } from './shop.ts';

describe('the tags of an answer, for a CDN', () => {
  let stack: ClosingStack;
  let shop: Shop;
  let gateway: ShopGateway;
  /** With room for a few tags, and for none. */
  let narrow: ShopGateway;
  let narrowest: ShopGateway;
  const ask = async (query: string, headers: Record<string, string> = {}, of = gateway) =>
    (await of.query(query, { headers })).headers;
  const PRIVATE = expect.stringMatching(/^max-age=\d+, private$/);
  const PRODUCT = '{ product(id: "7") { id name stock } }';

  beforeAll(async () => {
    stack = new ClosingStack();
    shop = await openShop(stack);
    const open = (environment: Record<string, string> = {}) =>
      openShopGateway(stack, shop, { GATEWAY_CACHE_TAG_HEADER_NAME: 'Cache-Tag', ...environment });
    [gateway, narrow, narrowest] = await Promise.all([
      open(),
      open({ GATEWAY_CACHE_TAG_HEADER_MAX_BYTES: '120', GATEWAY_CACHE_TAG_HEADER_SEPARATOR: ' ' }),
      open({ GATEWAY_CACHE_TAG_HEADER_MAX_BYTES: '10' }),
    ]);
  });
  beforeEach(async () => {
    await renew(shop, gateway, narrow, narrowest);
    shop.catalogue.control = 'max-age=60, public';
    shop.accounts.control = 'max-age=60, public';
  });
  afterAll(() => stack.close());

  it('stand in the header that is named, and each purge of what is in the answer names one of them', async () => {
    for (const headers of [await ask(PRODUCT), await ask(PRODUCT)]) {
      const tags = headers.get('cache-tag')?.split(',') ?? [];
      expect(tags).toEqual(
        expect.arrayContaining(['tag:product-7', 'subgraph:accounts', 'entity:Product:id:%5B%227%22%5D']),
      );
      for (const invalidation of [
        { kind: 'tag', tag: 'product-7' },
        { kind: 'subgraph', subgraph: 'catalogue' },
        { kind: 'type', type: 'Product' },
        { kind: 'entity', type: 'Product', key: { id: '7' } },
      ] as const) {
        const { body } = await gateway.invalidate(invalidation);
        expect((body as { tags: string[] }).tags.filter((tag) => tags.includes(tag))).toHaveLength(1);
      }
    }
    const { body } = await gateway.invalidate({ kind: 'entity', type: 'Product', key: { id: '8' } });
    const tags = (await ask(PRODUCT)).get('cache-tag')?.split(',') ?? [];
    expect((body as { tags: string[] }).tags.filter((tag) => tags.includes(tag))).toEqual([]);
  });

  it('are made fewer where they are too long, and no CDN keeps what it could not purge', async () => {
    const short = await ask(PRODUCT, {}, narrow);
    expect(short.get('cache-tag')?.split(' ').sort()).toEqual(
      ['subgraph:accounts', 'subgraph:catalogue', 'tag:product-7', 'types', 'unkeyed'].sort(),
    );
    const none = await ask(PRODUCT, {}, narrowest);
    expect([none.get('cache-tag'), none.get('cache-control')]).toEqual([null, PRIVATE]);
  });

  it('are nobody else’s business: private answers, errors and mutations list none', async () => {
    shop.accounts.control = 'max-age=60, private';
    const mine = await ask('{ me { note } }', await as(shop, 'alice'));
    expect([mine.get('cache-tag'), mine.get('cache-control')]).toEqual([null, PRIVATE]);
    expect((await ask('mutation { rename(id: "7", name: "new") { name } }')).get('cache-tag')).toBeNull();
    shop.catalogue.failure = 503;
    expect((await ask('{ product(id: "8") { name } }')).get('cache-tag')).toBeNull();
  });
});
