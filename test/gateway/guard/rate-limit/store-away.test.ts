import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../../service/run.ts';
import type { ControlledSubgraph } from '../../../support/controlled-subgraph.ts';
import { freePort } from '../../../support/free-port.ts';
import { createTestLog } from '../../../support/log-lines.ts';
import { type RedisServer, startRedisServer } from '../../../support/redis-server.ts';
import { describeWithRedisServer } from '../../../support/servers.ts';
import type { TestGateway } from '../../../support/test-gateway.ts';
import { until } from '../../../support/until.ts';
import { openLimited, shareQuotas, startSubgraph } from './whole.ts';

const RULES = { yearly: { limit: 20, windowS: 31_536_000 } };

/** One kind of client for each thing that a set may do while Redis is away. */
const SETS = Object.fromEntries(
  ['open', 'closed', 'local'].map((onStoreFailure) => [
    onStoreFailure,
    { client: ['clientName', 'ip'], rules: RULES, onStoreFailure, localShare: 0.25 },
  ]),
);

describeWithRedisServer('rate limits whose Redis is stopped', () => {
  let stack: ClosingStack;
  let subgraph: ControlledSubgraph;
  let port: number;
  let redis: RedisServer | undefined;

  beforeEach(async () => {
    stack = new ClosingStack();
    subgraph = stack.add('subgraph', await startSubgraph());
    port = await freePort();
    redis = await startRedisServer(port);
  });
  afterEach(async () => {
    if (redis !== undefined) process.kill(redis.processId, 'SIGCONT');
    await stack.close();
    await redis?.close();
  });

  const open = (mode: 'open' | 'closed' | 'local') =>
    openLimited(stack, subgraph, { [mode]: SETS[mode] }, shareQuotas(`redis://127.0.0.1:${port}`, 'away:'));
  const ask = (gateway: TestGateway, client = 'web') =>
    gateway.query('{ hello }', { headers: { 'apollographql-client-name': client } });
  const statusesOf = async (count: number, gateway: TestGateway, client?: string) => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) statuses.push((await ask(gateway, client)).status);
    return statuses;
  };
  const stop = async () => {
    await redis?.close();
    redis = undefined;
  };
  /** Until limits are those of the store: an answer tells what is left. */
  const comesBack = (gateway: TestGateway) =>
    until(async () => {
      const { status, headers } = await ask(gateway, 'scout');
      return status === 200 && headers.get('ratelimit') !== null;
    }, 20_000);

  it('let all through when they are open', async () => {
    const gateway = await open('open');
    expect(await statusesOf(21, gateway)).toEqual([...Array(20).fill(200), 429]);
    await stop();
    expect(await statusesOf(50, gateway, 'app')).toEqual(Array(50).fill(200));
    redis = await startRedisServer(port);
    await comesBack(gateway);
    expect(await statusesOf(21, gateway)).toEqual([...Array(20).fill(200), 429]);
  });

  it('let nothing through when they are closed, and say why', async () => {
    const gateway = await open('closed');
    expect((await ask(gateway)).status).toBe(200);
    await stop();
    const { status, headers, body } = await ask(gateway);
    expect([status, headers.get('retry-after'), body.errors?.[0]?.extensions.code]).toEqual([
      503,
      '1',
      'RATE_LIMIT_UNAVAILABLE',
    ]);
    expect(await statusesOf(20, gateway)).toEqual(Array(20).fill(503));
    expect(subgraph.calls.length).toBe(1);
    redis = await startRedisServer(port);
    await comesBack(gateway);
  });

  it('let each gateway grant a share when they are local', async () => {
    const gateways = [await open('local'), await open('local')];
    await stop();
    for (const gateway of gateways) {
      const statuses = await statusesOf(10, gateway);
      expect(statuses).toEqual([...Array(5).fill(200), ...Array(5).fill(429)]);
      expect(await statusesOf(1, gateway, 'app')).toEqual([200]);
    }
    redis = await startRedisServer(port);
    for (const gateway of gateways) await comesBack(gateway);
    expect(await statusesOf(21, gateways[0] as TestGateway)).toEqual([...Array(20).fill(200), 429]);
    expect(await statusesOf(1, gateways[1] as TestGateway)).toEqual([429]);
  });

  it('say in the log when it is lost and when it is back, once each', async () => {
    const { log, lines } = createTestLog();
    const shared = shareQuotas(`redis://127.0.0.1:${port}`, 'away:');
    const gateway = await openLimited(stack, subgraph, { open: SETS.open }, shared, log);
    const saidOf = () =>
      lines.all.filter((line) => line.includes('rate limits')).map((line) => /Redis is \w+/.exec(line)?.[0]);
    await statusesOf(2, gateway);
    await stop();
    await statusesOf(20, gateway);
    redis = await startRedisServer(port);
    await comesBack(gateway);
    await until(() => saidOf().length >= 2);
    expect(saidOf()).toEqual(['Redis is away', 'Redis is there']);
  });

  it('start without it, and with it when it comes', async () => {
    await stop();
    const gateway = await open('local');
    expect(await statusesOf(6, gateway)).toEqual([...Array(5).fill(200), 429]);
    redis = await startRedisServer(port);
    await comesBack(gateway);
  });

  it('keep nobody waiting while it is paused', async () => {
    const gateway = await openLimited(
      stack,
      subgraph,
      { open: SETS.open },
      { ...shareQuotas(`redis://127.0.0.1:${port}`, 'away:'), GATEWAY_RATE_LIMIT_TIMEOUT_MS: '100' },
    );
    expect((await ask(gateway)).status).toBe(200);
    process.kill(redis?.processId ?? 0, 'SIGSTOP');
    const begun = performance.now();
    expect(await statusesOf(200, gateway)).toEqual(Array(200).fill(200));
    // Each by itself would have waited for twenty seconds together.
    expect(performance.now() - begun).toBeLessThan(10_000);
    process.kill(redis?.processId ?? 0, 'SIGCONT');
    await comesBack(gateway);
  });
});
