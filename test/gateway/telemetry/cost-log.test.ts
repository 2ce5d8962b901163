import { afterEach, expect, it } from '@jest/globals';
import type { CostExcess } from '../../../gateway/guard/cost/events.ts';
import { costExcesses } from '../../../gateway/guard/cost/events.ts';
import { startCostLog } from '../../../gateway/telemetry/cost-log.ts';
import type { Running } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

const ONE = { name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { all: [One!] } type One { id: ID }' };
const EXCESS: CostExcess = { operation: 'Large', limit: 'cost.maxCost', value: 20, bound: 10, isRefused: false };

let running: Running | undefined;
afterEach(() => running?.close());

it('warns of one operation that costs too much, and then says how many there were', async () => {
  const { log, lines } = createTestLog();
  let time = 0;
  running = startCostLog({ log, quietMs: 1_000, now: () => time });
  for (const operation of ['First', 'Second', 'Third']) costExcesses.publish({ ...EXCESS, operation });
  costExcesses.publish({ ...EXCESS, operation: 'Refused', limit: 'another', isRefused: true });
  time = 2_000;
  costExcesses.publish({ ...EXCESS, operation: 'Fourth' });
  time = 4_000;
  costExcesses.publish({ ...EXCESS, operation: 'L'.repeat(100_000) });
  await lines.find(/LLL/);
  expect(lines.all.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { operation: 'First', limit: 'cost.maxCost', value: 20, bound: 10, level: 'warn' },
    { operation: 'Fourth', since: 2 },
    { operation: 'L'.repeat(200) },
  ]);
});

it('is there in the mode report, and an option that names no subgraph is told', async () => {
  const { log, lines } = createTestLog();
  const options = { GATEWAY_COST_MAX_COST: '5', GATEWAY_COST_SUBGRAPH_OTHER_MAX_COST: '5' };
  running = await startTestGateway([ONE], options, log);
  await lines.find(/cost\.subgraph has \\"other\\", which is no subgraph/);
  await (running as Awaited<ReturnType<typeof startTestGateway>>).query('query Large { all { id } }');
  expect(JSON.parse(await lines.find(/"operation":"Large"/))).toMatchObject({ value: 12, bound: 5 });
});
