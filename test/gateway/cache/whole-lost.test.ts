import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { loseMessages } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { openTwoGateways, type ProxiedGateway, type TwoGateways } from './two-gateways.ts';

const PARTS = ['head', 'floor', 'table', 'log'] as const;
/** How it is lost. The other gateway is not to notice it first. */
const WAYS: readonly (readonly [string, (both: TwoGateways, other: ProxiedGateway) => Promise<unknown>])[] = [
  ['its head', ({ raw, purgeKey }) => raw.del(purgeKey('head'))],
  ['all of its purges', ({ raw, purgeKey }) => raw.del(PARTS.map(purgeKey))],
  ['all it had', ({ raw }) => raw.flushall()],
  [
    'all it had by a restart',
    ({ restartRedis }, { proxy }) => {
      proxy.isCut = true;
      return restartRedis();
    },
  ],
];

describeWithRedisServer('what was purged, through whole gateways on a Redis', () => {
  let both: TwoGateways;
  let stack: ClosingStack;
  let count = 0;
  beforeAll(async () => {
    both = await openTwoGateways();
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    await both.recover();
  });
  afterEach(() => stack.close());
  afterAll(() => both.close());

  const newId = () => `lost ${count++}`;

  it.each(
    WAYS.flatMap(([what, lose]) => [
      { what, lose, one: 'first', other: 'second', role: 'took the purge' } as const,
      { what, lose, one: 'second', other: 'first', role: 'never heard of it' } as const,
    ]),
  )('that lost $what is given by none again, when the one that $role notices first', async ({ lose, ...who }) => {
    const { first, second, shop, raw } = both;
    const [one, other] = [both[who.one], both[who.other]];
    const [kept, coming, another] = [newId(), newId(), newId()];
    for (const id of [kept, another]) {
      await first.ask(id);
      await until(async () => (await second.ask(id)).status.includes('l2'));
    }
    const gate = shutGate(shop.catalogue);
    const calls = shop.catalogue.calls.length;
    const asked = second.ask(coming);
    await until(() => shop.catalogue.calls.length > calls);
    shop.catalogue.gate = undefined;

    for (const { proxy } of [one, other]) proxy.onReply = loseMessages;
    for (const id of [kept, coming, another]) shop.data.names.set(id, 'new');
    const purged = [kept, coming].map((id) => ({ kind: 'tag', tag: `product-${id}` }) as const);
    expect((await first.invalidate(...purged)).status).toBe(200);
    expect([(await first.ask(kept)).name, (await second.ask(kept)).name]).toEqual(['new', `name of ${kept}`]);
    await lose(both, other);
    gate.open();
    expect((await asked).name).toBe(`name of ${coming}`);

    // By any read of something else.
    await until(async () => {
      await one.ask(newId());
      return (await raw.exists(both.purgeKey('head'))) === 1;
    });
    expect([(await one.ask(kept)).name, (await one.ask(coming)).name]).toEqual(['new', 'new']);
    other.proxy.isCut = false;
    await both.look(other);
    expect([(await other.ask(kept)).name, (await other.ask(coming)).name]).toEqual(['new', 'new']);
    // Nobody knows what else was purged: nothing is given that was there before.
    for (const gateway of [await both.open(stack), one, other]) expect((await gateway.ask(another)).name).toBe('new');
  });
});
