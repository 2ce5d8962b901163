import { afterEach, expect, it } from '@jest/globals';
import { subgraphFaults } from '../../../gateway/errors.ts';
import { startFaultLog } from '../../../gateway/telemetry/fault-log.ts';
import type { Running } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

let running: Running | undefined;
afterEach(() => running?.close());

it('writes one line for a subgraph that fails all the time, and then how many there were', async () => {
  const { log, lines } = createTestLog();
  let time = 0;
  running = startFaultLog({ log, quietMs: 1_000, now: () => time });
  const fail = (subgraph: string) =>
    subgraphFaults.publish({ subgraph, code: 'SUBGRAPH_TIMEOUT', message: `${subgraph} is late`, cause: undefined });
  for (let count = 0; count < 5; count++) fail('orders');
  fail('users');
  time = 2_000;
  fail('orders');
  await lines.find(/"since":4/);
  expect(lines.all.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'orders is late',
    'users is late',
    'orders is late',
  ]);
});

it('tells the operator the address that failed, which the client is not told', async () => {
  const gone = await startRawServer(() => undefined);
  await gone.close();
  const { log, lines } = createTestLog();
  const gateway = await startTestGateway(
    [{ name: 'one', url: gone.url, sdl: 'type Query { hello: String }' }],
    {},
    log,
  );
  const { body } = await gateway.query('{ hello }');
  const line = await lines.find(/SUBGRAPH_UNREACHABLE/);
  expect(line).toContain(new URL(gone.url).port);
  expect(JSON.stringify(body)).not.toContain(new URL(gone.url).port);
  await gateway.close();
});
