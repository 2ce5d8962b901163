import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { until } from '../../support/until.ts';
import { as, openShop, openShopGateway, renew, type Shop, type ShopGateway } from './shop.ts';

const OPTIONS = {
  explaining: { GATEWAY_CACHE_EXPLAIN_KEY: 'let me see it', GATEWAY_CACHE_MUTATIONS: '{ rename: {} }' },
  byType: { GATEWAY_CACHE_SUBGRAPH: '{ accounts: { override: true, types: { Product: { ttlMs: 60000 } } } }' },
  turnedOff: { GATEWAY_CACHE_SUBGRAPH: '{ catalogue: { isEnabled: false } }' },
  careless: { GATEWAY_HEADERS_FORWARD: 'x-shade', GATEWAY_CACHE_IRRELEVANT_HEADERS: 'authorization,x-shade' },
  shadow: {
    GATEWAY_CACHE_MODE: 'shadow',
    GATEWAY_CACHE_STALE_IF_ERROR_MS: '60000',
    GATEWAY_CACHE_EXPLAIN_KEY: 'let me see it',
  },
  forPages: {
    GATEWAY_HTTP_CORS_ORIGINS: 'https://a.example,https://b.example',
    GATEWAY_OVERRIDE_KEY: 'X-Device',
    GATEWAY_HEADERS_FORWARD: 'trace-level',
  },
} as const;

/** What a reading of the whole found, each as it was seen. A gateway with memory alone. */
describe('a gateway with a cache', () => {
  const whole = new ClosingStack();
  let shop: Shop;
  /** With no option of its own. */
  let plain: ShopGateway;
  /** Others, by their options: those that no test needs alone, side by side. */
  let others: Readonly<Record<keyof typeof OPTIONS, ShopGateway>>;
  let gateway: ShopGateway;
  const dataOf = async (query: string, headers: Record<string, string> = {}) => {
    const { body } = await gateway.query(query, { headers });
    return body.data;
  };

  beforeAll(async () => {
    shop = await openShop(whole);
    const open = (environment: Record<string, string>) => openShopGateway(whole, shop, environment);
    const opened = Object.entries(OPTIONS).map(async ([name, options]) => [name, await open(options)] as const);
    plain = await open({});
    others = Object.fromEntries(await Promise.all(opened)) as typeof others;
  });
  beforeEach(async () => {
    gateway = plain;
    await renew(shop, plain, ...Object.values(others));
    shop.catalogue.control = 'max-age=60, public';
    shop.accounts.control = 'max-age=60, public';
  });
  afterAll(() => whole.close());

  const STOCKS = (...ids: string[]) => `{ products(ids: ${JSON.stringify(ids)}) { id stock } }`;

  it('gives the entities that are kept when the others cannot be had, with an error for each of those', async () => {
    await dataOf(STOCKS('1', '2'));
    shop.accounts.failure = 503;
    const { body } = await gateway.query(STOCKS('1', '3', '2'));
    expect(body.data).toEqual({
      products: [
        { id: '1', stock: 1 },
        { id: '3', stock: null },
        { id: '2', stock: 1 },
      ],
    });
    expect(body.errors).toEqual([
      expect.objectContaining({
        path: ['products', 1],
        extensions: expect.objectContaining({ code: 'SUBGRAPH_HTTP_ERROR', subgraph: 'accounts' }),
      }),
    ]);
  });

  it('keeps looking for what is kept while a subgraph answers something else with no-store', async () => {
    await dataOf(STOCKS('1'));
    shop.accounts.control = 'no-store';
    await dataOf(STOCKS('2'));
    const calls = shop.accounts.calls.length;
    expect(await dataOf(STOCKS('1'))).toEqual({ products: [{ id: '1', stock: 1 }] });
    expect(shop.accounts.calls.length).toBe(calls);
  });

  it('keeps entities for as long as the option for their type says', async () => {
    gateway = others.byType;
    shop.accounts.control = 'no-store';
    await dataOf(STOCKS('1'));
    const calls = shop.accounts.calls.length;
    expect(await dataOf(STOCKS('1'))).toEqual({ products: [{ id: '1', stock: 1 }] });
    expect(await dataOf(`{ products(ids: ["1"]) { stock } }`)).toEqual({ products: [{ stock: 1 }] });
    expect(shop.accounts.calls.length).toBe(calls);
  });

  it('gives no stale part in place of a stale whole, and never goes back', async () => {
    shop.catalogue.control = 'max-age=1, public, stale-while-revalidate=60';
    const query = '{ product(id: "1") { name } }';
    expect(await dataOf(query)).toEqual({ product: { name: 'name of 1' } });
    shop.data.names.set('1', 'new');
    await until(async () => {
      const answer = await dataOf(query);
      return (answer as { product: { name: string } }).product.name === 'new';
    });
    const calls = shop.catalogue.calls.length;
    // Fresh, from what was fetched in the background.
    expect(await dataOf(query)).toEqual({ product: { name: 'new' } });
    expect(shop.catalogue.calls.length).toBeLessThanOrEqual(calls + 1);
  });

  it('voids the objects of an answer that nobody got, whatever the mutation would have returned', async () => {
    gateway = others.explaining;
    const query = '{ product(id: "1") { name } }';
    await dataOf(query);
    shop.catalogue.failure = 500;
    const { body } = await gateway.query('mutation { rename(id: "1", name: "new") { id name } }');
    expect(body.errors).toHaveLength(1);
    shop.catalogue.failure = undefined;
    shop.data.names.set('1', 'new');
    expect(await dataOf(query)).toEqual({ product: { name: 'new' } });
  });

  it('voids what a mutation changed whose client has left before it was done', async () => {
    gateway = others.explaining;
    const query = '{ product(id: "1") { name } }';
    await dataOf(query);
    const gate = shutGate(shop.catalogue);
    const client = new AbortController();
    const left = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'mutation { rename(id: "1", name: "new") { id name } }' }),
      signal: client.signal,
    });
    await until(() => shop.catalogue.calls.some((call) => call.query.includes('rename')));
    shop.catalogue.gate = undefined;
    client.abort();
    await expect(left).rejects.toThrow();
    // Whatever is kept by now is from before the write is done.
    await dataOf(query);
    shop.data.names.set('1', 'done');
    gate.open();
    await until(async () => {
      const answer = await dataOf(query);
      return (answer as { product: { name: string } }).product.name === 'done';
    });
  });

  it('keeps no answer that says something of the schema', async () => {
    const query = '{ product(id: "1") { name } __type(name: "Product") { name } }';
    await gateway.query(query);
    expect((await gateway.query(query)).headers.get('cache-status')).not.toContain('hit');
  });

  it('lets no cache between keep what explains', async () => {
    gateway = others.explaining;
    const query = '{ product(id: "1") { name } }';
    const { headers, body } = await gateway.query(query, { headers: { 'cache-explain': 'let me see it' } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toHaveProperty('extensions.cache.response.decision', 'miss');
    const other = await gateway.query(query, { headers: { 'cache-explain': 'let me see it!' } });
    expect(other.body).not.toHaveProperty('extensions');
    expect(other.headers.get('cache-control')).toMatch(/^max-age=\d+, public$/);
  });

  it('takes a header that says who asks for one, whatever else the options say of it', async () => {
    gateway = others.careless;
    shop.accounts.control = 'max-age=60';
    expect(await dataOf('{ me { note } }', await as(shop, 'ada'))).toEqual({ me: { note: 'note of ada' } });
    expect(await dataOf('{ me { note } }', await as(shop, 'bob'))).toEqual({ me: { note: 'note of bob' } });
  });

  it('gives nothing of a subgraph that is turned off', async () => {
    gateway = others.turnedOff;
    const query = '{ product(id: "1") { name } }';
    await dataOf(query);
    shop.data.names.set('1', 'new');
    expect(await dataOf(query)).toEqual({ product: { name: 'new' } });
  });

  it('gives nothing that is kept in shadow mode, not even when a subgraph fails', async () => {
    gateway = others.shadow;
    await dataOf(STOCKS('1'));
    shop.accounts.failure = 503;
    expect(await dataOf(STOCKS('1'))).toEqual({ products: [{ id: '1', stock: null }] });
  });

  it('has nobody else keep anything in shadow mode, and explains that', async () => {
    gateway = others.shadow;
    const { headers, body } = await gateway.query(STOCKS('1'), { headers: { 'cache-explain': 'let me see it' } });
    expect(headers.get('cache-control')).toBe('no-store');
    const response = { reason: 'shadow mode', scope: 'public', ttl: expect.any(Number) };
    expect(body).toHaveProperty('extensions.cache.response', expect.objectContaining(response));
    expect((await gateway.query(STOCKS('1'))).headers.get('cache-control')).toBe('no-store');
  });

  it('explains to one of two who ask at once that the other had it fetched, also what is private', async () => {
    gateway = others.explaining;
    shop.accounts.control = 'max-age=60, private';
    const headers = { ...(await as(shop, 'ada')), 'cache-explain': 'let me see it' };
    const ask = async () => {
      const { body } = await gateway.query('{ me { note } }', { headers });
      const { extensions } = body as { extensions?: { cache: { response: { decision: string } } } };
      return extensions?.cache.response.decision;
    };
    await ask();
    await gateway.invalidate({ kind: 'subgraph', subgraph: 'accounts' });
    const gate = shutGate(shop.accounts);
    const both = [ask(), ask()];
    await until(() => shop.accounts.calls.length === 2);
    await gateway.query('{ __typename }');
    gate.open();
    expect((await Promise.all(both)).sort()).toEqual(['coalesced', 'miss']);
  });

  it('says in an explanation that the client wanted nothing kept, and no key where nothing was looked for', async () => {
    gateway = others.explaining;
    const { body } = await gateway.query(STOCKS('1'), {
      headers: { 'cache-explain': 'let me see it', 'cache-control': 'no-store' },
    });
    const reason = 'the client said no-store';
    expect(body).toHaveProperty(
      'extensions.cache.response',
      expect.objectContaining({ decision: 'not looked for', reason }),
    );
    expect(body).toHaveProperty('extensions.cache.fetches.0', expect.objectContaining({ decision: 'refused', reason }));
    expect(body).not.toHaveProperty('extensions.cache.fetches.0.key');
  });

  it('says on which headers an answer depends, the origin included where pages of some may ask', async () => {
    gateway = others.forPages;
    const { headers } = await gateway.query('{ product(id: "1") { name } }', {
      headers: { origin: 'https://a.example' },
    });
    expect(headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(headers.get('vary')?.toLowerCase().split(/, */)).toEqual(
      expect.arrayContaining(['origin', 'accept', 'authorization', 'accept-language', 'x-device', 'trace-level']),
    );
  });

  it('fetches nothing for who wants only what is kept', async () => {
    const query = '{ product(id: "1") { name } }';
    const headers = { 'cache-control': 'only-if-cached' };
    const first = await gateway.query(query, { headers });
    expect([first.status, first.body.errors?.[0]?.extensions.code]).toEqual([504, 'NOT_CACHED']);
    expect(shop.catalogue.calls).toEqual([]);
    await dataOf(query);
    expect(await dataOf(query, headers)).toEqual({ product: { name: 'name of 1' } });
  });

  it('refreshes what is for everyone once, however many people ask for it', async () => {
    shop.catalogue.control = 'max-age=1, public, stale-while-revalidate=60';
    const query = '{ product(id: "1") { name } }';
    await dataOf(query);
    const people = await Promise.all(['ada', 'bob', 'charles'].map((subject) => as(shop, subject)));
    const isStale = async () => (await gateway.query(query)).headers.get('cache-status')?.includes('stale');
    const gate = shutGate(shop.catalogue);
    await until(isStale);
    for (const headers of people) expect(await dataOf(query, headers)).toEqual({ product: { name: 'name of 1' } });
    await until(() => shop.catalogue.calls.length === 2);
    gate.open();
    shop.catalogue.gate = undefined;
    await until(async () => !(await isStale()));
    expect(shop.catalogue.calls.length).toBe(2);
  });

  it('keeps nothing that depends on a header which is in no key', async () => {
    gateway = others.careless;
    shop.catalogue.vary = 'Accept-Encoding, X-Shade';
    const query = '{ product(id: "1") { name } }';
    await dataOf(query, { 'x-shade': 'dark' });
    await dataOf(query, { 'x-shade': 'light' });
    expect(shop.catalogue.calls.length).toBe(2);
  });

  it('answers 304 without a body, and without the length of one', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('{ product(id: "1") { name } }')}`;
    const headers = { 'apollo-require-preflight': '1' };
    const first = await fetch(url, { headers });
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const second = await fetch(url, { headers: { ...headers, 'if-none-match': `"other", W/${etag}` } });
    expect([second.status, await second.text(), second.headers.get('content-length')]).toEqual([304, '', null]);
    const third = await fetch(url, { headers: { ...headers, 'if-none-match': '"other"' } });
    expect([third.status, await third.text()]).toEqual([200, await first.text()]);
  });
});
