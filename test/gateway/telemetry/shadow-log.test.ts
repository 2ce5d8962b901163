import { expect, it } from '@jest/globals';
import { publishCacheEvent } from '../../../gateway/cache/cache-events.ts';
import { startShadowLog } from '../../../gateway/telemetry/shadow-log.ts';
import { ClosingStack } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { openShop, openShopGateway } from '../cache/shop.ts';

const typesOf = (line: string | undefined) => (JSON.parse(line ?? '{}') as { types?: unknown }).types;

it('counts by type what would have been given, from answers of subgraphs to the line in the log', async () => {
  const { log, lines } = createTestLog();
  const stack = new ClosingStack();
  const shop = await openShop(stack);
  shop.catalogue.control = 'max-age=60, public';
  shop.accounts.control = 'max-age=60, public';
  const shadowLog = stack.add('shadow log', startShadowLog({ log, everyMs: 3_600_000 }));
  const gateway = await openShopGateway(stack, shop, { GATEWAY_CACHE_MODE: 'shadow' });
  const query = '{ products(ids: ["1", "2"]) { stock } }';
  await gateway.query(query);
  shop.data.stock.set('2', 7);
  await gateway.query(query);
  await shadowLog.close();
  expect(lines.all.map(typesOf)).toEqual([{ Query: { same: 1, different: 0 }, Product: { same: 1, different: 1 } }]);
  await stack.close();
});

it('says it again and again, and nothing when there is nothing to say', async () => {
  const { log, lines } = createTestLog();
  const shadowLog = startShadowLog({ log, everyMs: 1 });
  publishCacheEvent({ kind: 'shadow', type: 'User', isSame: true });
  await lines.find(/"User":\{"same":1,/);
  publishCacheEvent({ kind: 'shadow', type: 'User', isSame: false });
  await lines.find(/"User":\{"same":0,"different":1\}/);
  await shadowLog.close();
  expect(lines.all).toHaveLength(2);
});
