import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { trusting } from '../../support/issuer.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { as, openShop, openShopGateway, renew, type Shop, type ShopGateway, shareRedis } from './shop.ts';

const ME = '{ me { note } }';

describeOnRedis('who gets what is kept, through whole gateways', (create) => {
  let redis: TestRedis;
  let stack: ClosingStack;
  let shop: Shop;

  let gateways: readonly [ShopGateway, ShopGateway];

  beforeAll(async () => {
    redis = await create();
    stack = new ClosingStack();
    shop = await openShop(stack);
    gateways = await openBoth();
  });
  beforeEach(() => renew(shop, ...gateways));
  afterAll(async () => {
    await stack.close();
    await redis.close();
  });

  const openBoth = async (environment: Record<string, string> = {}) => {
    const all = { ...shareRedis(redis.url, redis.prefix), ...environment };
    return Promise.all([openShopGateway(stack, shop, all), openShopGateway(stack, shop, all)]);
  };
  const ask = async (gateway: ShopGateway, headers: Record<string, string>, query = ME) =>
    Object.values((await gateway.query(query, { headers })).body.data ?? {})[0];

  it.each(['private, max-age=60', 'max-age=60', 'public, private, max-age=60', 'max-age=60, private, s-maxage=60'])(
    'is for its owner alone when a subgraph says %s',
    async (control) => {
      shop.accounts.control = control;
      const people = await Promise.all(
        ['alice', 'bob', 'carol'].map(async (name) => ({ name, who: await as(shop, name) })),
      );
      // At once, then again: in flight, by the lease, from memory and from Redis.
      for (let round = 0; round < 3; round++) {
        await Promise.all(
          gateways.flatMap((gateway) =>
            people.map(async ({ name, who }) => expect(await ask(gateway, who)).toEqual({ note: `note of ${name}` })),
          ),
        );
        for (const gateway of gateways) expect(await ask(gateway, {})).toEqual({ note: 'note of nobody' });
      }
      const asked = shop.accounts.calls.length;
      for (const gateway of gateways) for (const { who } of people) await ask(gateway, who);
      expect(shop.accounts.calls.length).toBe(asked);
    },
  );

  it('is for who has another token of the same person, too', async () => {
    shop.accounts.control = 'private, max-age=60';
    const [gateway] = gateways;
    const tokens = [
      await as(shop, 'alice'),
      { authorization: `Bearer ${await shop.issuer.token({ subject: 'alice', claims: { jti: 'another' } })}` },
    ];
    for (const token of tokens) expect(await ask(gateway, token)).toEqual({ note: 'note of alice' });
    expect(shop.accounts.calls.length).toBe(1);
  });

  it('is not kept for who has credentials that the gateway does not read', async () => {
    shop.accounts.control = 'private, max-age=60';
    const [gateway, other] = await openBoth(
      Object.fromEntries(Object.keys(trusting(shop.issuer)).map((name) => [name, ''])),
    );
    for (const each of [gateway, other, gateway])
      for (const key of ['one', 'two'])
        expect(await ask(each, { authorization: key })).toEqual({ note: `note of raw ${key}` });
    expect(shop.accounts.calls.length).toBe(6);
  });

  it('is not given to who shows a credential when it was fetched without one, unless it says public', async () => {
    shop.accounts.control = 'max-age=60';
    const alice = await as(shop, 'alice');
    for (const gateway of gateways) expect(await ask(gateway, {})).toEqual({ note: 'note of nobody' });
    expect(shop.accounts.calls.length).toBe(1);
    for (const gateway of gateways) expect(await ask(gateway, alice)).toEqual({ note: 'note of alice' });
    for (const gateway of gateways) expect(await ask(gateway, {})).toEqual({ note: 'note of nobody' });
  });

  it.each(['public, max-age=60', 's-maxage=60'])('is for everyone when a subgraph says %s', async (control) => {
    shop.catalogue.control = control;
    const [gateway, other] = gateways;
    const query = '{ product(id: "1") { name } }';
    for (const who of [await as(shop, 'alice'), {}, await as(shop, 'bob')])
      for (const each of [gateway, other]) expect(await ask(each, who, query)).toEqual({ name: 'name of 1' });
    expect(shop.catalogue.calls.length).toBe(1);
  });

  it('is for its owner alone when what says public varies by the credential', async () => {
    shop.accounts.control = 'public, max-age=60';
    shop.accounts.vary = 'Accept-Encoding, Authorization';
    const [gateway, other] = gateways;
    for (const name of ['alice', 'bob'])
      for (const each of [gateway, other])
        expect(await ask(each, await as(shop, name))).toEqual({ note: `note of ${name}` });
    expect(await ask(other, {})).toEqual({ note: 'note of nobody' });
  });

  it('is for its owner alone as a part of something public, too', async () => {
    shop.catalogue.control = 'public, max-age=60';
    shop.accounts.control = 'private, max-age=60';
    const [gateway, other] = gateways;
    for (const name of ['alice', 'bob', 'alice'])
      for (const each of [gateway, other])
        expect(
          (await each.query('{ product(id: "1") { name } me { note } }', { headers: await as(shop, name) })).body.data,
        ).toEqual({
          product: { name: 'name of 1' },
          me: { note: `note of ${name}` },
        });
    expect(shop.catalogue.calls.length).toBe(1);
  });

  it('stays apart by every other header that goes to subgraphs', async () => {
    shop.catalogue.control = 'public, max-age=60';
    const [gateway, other] = gateways;
    for (const language of ['de', 'fr', 'de'])
      for (const each of [gateway, other])
        expect(await ask(each, { 'accept-language': language }, '{ greeting }')).toBe(`${language} for nobody`);
    expect(shop.catalogue.calls.length).toBe(2);
  });

  it('is asked for again, and kept anew, for who says no-cache; not kept for who says no-store', async () => {
    shop.catalogue.control = 'public, max-age=60';
    const [gateway, other] = gateways;
    const query = '{ product(id: "1") { name } }';
    const name = async (each: ShopGateway, control?: string) =>
      ((await ask(each, control === undefined ? {} : { 'cache-control': control }, query)) as { name: string }).name;
    expect(await name(gateway, 'no-store')).toBe('name of 1');
    shop.data.names.set('1', 'second');
    expect(await name(gateway)).toBe('second');
    shop.data.names.set('1', 'third');
    expect(await name(gateway, 'no-store')).toBe('third');
    expect(await name(gateway)).toBe('second');
    expect(await name(gateway, 'no-cache')).toBe('third');
    expect(await name(gateway)).toBe('third');
    expect(shop.catalogue.calls.length).toBe(4);
    expect(['second', 'third']).toContain(await name(other));
  });
});
