import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { loseMessages } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { openTwoGateways, type ProxiedGateway, type TwoGateways } from './two-gateways.ts';

const L1 = expect.stringContaining('l1');
const L2 = expect.stringContaining('l2');

describeWithRedisServer('a purge that one gateway takes, in another', () => {
  let both: TwoGateways;
  let first: ProxiedGateway;
  let second: ProxiedGateway;
  let count = 0;
  beforeAll(async () => {
    both = await openTwoGateways();
    ({ first, second } = both);
  });
  beforeEach(() => both.recover());
  afterAll(() => both.close());

  /** A product that no other test asks for. */
  const newId = () => `lagging ${count++}`;
  /** Has one in both memories and in Redis. */
  async function keep(): Promise<string> {
    const id = newId();
    await first.ask(id);
    await until(async () => (await second.ask(id)).status.includes('l2'));
    return id;
  }
  /** Changes products, and has the first gateway purge them. */
  async function purge(...ids: string[]): Promise<void> {
    for (const id of ids) both.shop.data.names.set(id, 'new');
    const { status } = await first.invalidate(...ids.map((id) => ({ kind: 'tag', tag: `product-${id}` }) as const));
    expect(status).toBe(200);
  }

  it('is honoured by its memory when it is told, within 100 ms', async () => {
    const took: number[] = [];
    for (let round = 0; round < 10; round++) {
      const id = await keep();
      expect(await second.ask(id)).toEqual({ name: `name of ${id}`, status: L1 });
      await purge(id);
      const acknowledged = performance.now();
      await until(async () => (await second.ask(id)).name === 'new');
      took.push(performance.now() - acknowledged);
    }
    // Without being told it takes minutes. A busy machine delays some of them, and not all.
    expect(Math.min(...took)).toBeLessThan(100);
  });

  it('is honoured by its reads of Redis at once, when it is told nothing', async () => {
    const [id, other] = [newId(), newId()];
    await first.ask(id);
    await first.ask(other);
    // Written after them.
    await both.look(second);
    second.proxy.onReply = loseMessages;
    await purge(id);
    expect((await second.ask(id)).name).toBe('new');
    expect(await second.ask(other)).toEqual({ name: `name of ${other}`, status: L2 });
  });

  it.each(['', ', also when so many came that they cannot be told one by one'])(
    'is honoured by its memory as soon as it reads anything, when it is told nothing%s',
    async (many) => {
      const [id, other] = [await keep(), await keep()];
      second.proxy.onReply = loseMessages;
      await purge(id);
      await purge(newId());
      // As a thousand more of them would have it.
      if (many !== '') expect(await both.raw.xtrim(both.purgeKey('log'), 'MAXLEN', 1)).toBeGreaterThan(0);
      // It lags, as it may for as long as its memory answers alone.
      expect(await second.ask(id)).toEqual({ name: `name of ${id}`, status: L1 });
      await second.ask(newId());
      expect((await second.ask(id)).name).toBe('new');
      expect(await second.ask(other)).toEqual({ name: `name of ${other}`, status: L1 });
    },
  );

  it.each(['', ', also when so many came that they cannot be told one by one'])(
    'voids what it was just asking for, when it is told nothing%s',
    async (many) => {
      const { shop, raw } = both;
      const id = newId();
      const gate = shutGate(shop.catalogue);
      const calls = shop.catalogue.calls.length;
      const asked = second.ask(id);
      await until(() => shop.catalogue.calls.length > calls);
      second.proxy.onReply = loseMessages;
      await purge(id);
      await purge(newId());
      if (many !== '') expect(await raw.xtrim(both.purgeKey('log'), 'MAXLEN', 1)).toBeGreaterThan(0);
      shop.catalogue.gate = undefined;
      // It waits for what the other one brings, which is void by then.
      const waiting = first.ask(id);
      await first.query('{ __typename }');
      gate.open();
      expect([(await asked).name, (await waiting).name]).toEqual([`name of ${id}`, 'new']);
      await second.ask(newId());
      expect([(await second.ask(id)).name, (await first.ask(id)).name]).toEqual(['new', 'new']);
    },
  );

  it('is honoured when its connection was away meanwhile', async () => {
    const [id, other] = [await keep(), await keep()];
    second.proxy.isCut = true;
    second.proxy.cutAll();
    await purge(id);
    expect(await second.ask(id)).toEqual({ name: `name of ${id}`, status: L1 });
    second.proxy.isCut = false;
    await both.look(second);
    expect([(await second.ask(id)).name, (await first.ask(id)).name]).toEqual(['new', 'new']);
    expect(await second.ask(other)).toEqual({ name: `name of ${other}`, status: L1 });
  });
});
