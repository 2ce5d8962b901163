import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { API_KEY_ISSUER } from '../../../gateway/authentication-config.ts';
import { hashApiKey } from '../../../gateway/guard/api-keys.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';

const KEY = 'the key of revocations';

describeWithRedisServer('POST /revoke', () => {
  let stack: ClosingStack;
  let issuer: TestIssuer;
  let subgraph: RawServer;

  beforeEach(async () => {
    stack = new ClosingStack();
    issuer = stack.add('issuer', await startIssuer());
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json').end('{"data": {"hello": "world"}}');
      });
    });
    stack.add('subgraph', subgraph);
  });
  afterEach(() => stack.close());

  const open = async (environment: Record<string, string> = {}): Promise<TestGateway> => {
    const schema = { name: 'one', url: subgraph.url, sdl: 'type Query { hello: String }' };
    const options = {
      ...trusting(issuer),
      GATEWAY_AUTHENTICATION_REVOCATION_IS_ENABLED: 'true',
      GATEWAY_AUTHENTICATION_REVOCATION_KEY: KEY,
      GATEWAY_AUTHENTICATION_REVOCATION_CHECK_EVERY_MS: '0',
      GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '2000',
      GATEWAY_CACHE_REDIS_WRITE_TIMEOUT_MS: '2000',
      ...environment,
    };
    return stack.add('gateway', await startTestGateway([schema], options));
  };
  const ask = async (gateway: TestGateway, headers: Record<string, string>) => {
    const { status, body } = await gateway.query('{ hello }', { headers });
    return status === 200 ? 'served' : `${status} ${body.errors?.[0]?.extensions.reason}`;
  };
  const revoke = async ({ adminUrl }: TestGateway, body: unknown, key = KEY) => {
    const response = await fetch(`${adminUrl}/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const as = async (subject: string, claims: Record<string, unknown> = {}) => ({
    authorization: `Bearer ${await issuer.token({ subject, claims })}`,
  });

  it('holds for all gateways on one Redis, also with the cache off', async () => {
    const redis = stack.add('redis', await startRedisServer());
    const shared = { REDIS_URL: redis.url, GATEWAY_CACHE_MODE: 'off' };
    const [here, there] = [await open(shared), await open(shared)];
    const [first, second, bob] = [
      await as('ada', { jti: 'first' }),
      await as('ada', { jti: 'second' }),
      await as('bob'),
    ];
    for (const who of [first, second, bob]) expect(await ask(there, who)).toBe('served');
    const { issuer: name } = issuer;
    expect(await revoke(here, [{ issuer: name, jti: 'first' }])).toEqual({ status: 200, body: { accepted: 1 } });
    for (const gateway of [here, there]) {
      expect(await ask(gateway, first)).toBe('401 revoked');
      expect(await ask(gateway, second)).toBe('served');
    }
    expect((await revoke(there, [{ issuer: name, subject: 'ada' }])).status).toBe(200);
    for (const gateway of [here, there])
      expect([await ask(gateway, second), await ask(gateway, bob)]).toEqual(['401 revoked', 'served']);
  });

  it('voids an API key by its hash, and not the one that takes its place', async () => {
    const gateway = await open({
      GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: `${hashApiKey('lost')},${hashApiKey('new')}`,
    });
    expect(await ask(gateway, { 'x-api-key': 'lost' })).toBe('served');
    expect((await revoke(gateway, [{ issuer: API_KEY_ISSUER, jti: hashApiKey('lost').toUpperCase() }])).status).toBe(
      200,
    );
    expect(await ask(gateway, { 'x-api-key': 'lost' })).toBe('401 revoked API key');
    expect(await ask(gateway, { 'x-api-key': 'new' })).toBe('served');
  });

  it.each([
    ['open', 'served'],
    ['closed', '503 revocations unavailable'],
  ])('is to be sent again when Redis is away; who asks then finds the door %s', async (onStoreFailure, expected) => {
    let redis = await startRedisServer();
    stack.add('redis', { close: () => redis.close() });
    const gateway = await open({
      REDIS_URL: redis.url,
      GATEWAY_AUTHENTICATION_REVOCATION_ON_STORE_FAILURE: onStoreFailure,
    });
    const ada = await as('ada');
    expect(await ask(gateway, ada)).toBe('served');
    await redis.close();
    expect(await ask(gateway, ada)).toBe(expected);
    expect(await ask(gateway, {})).toBe('served');
    expect(await revoke(gateway, [{ issuer: issuer.issuer, subject: 'ada' }])).toEqual({
      status: 503,
      body: { accepted: 0, status: 'send again' },
    });
    redis = await startRedisServer(Number(new URL(redis.url).port));
    await until(async () => (await revoke(gateway, [{ issuer: issuer.issuer, subject: 'ada' }])).status === 200);
    expect(await ask(gateway, ada)).toBe('401 revoked');
  });

  it('is for who has the key, and says what is wrong with the body', async () => {
    const gateway = await open();
    expect((await revoke(gateway, [], 'another key')).status).toBe(401);
    const { status, body } = await revoke(gateway, [{ issuer: 'https://elsewhere.example', jti: 'a' }]);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('Item 0: issuer must be one of')]);
    const other = await open({ GATEWAY_AUTHENTICATION_REVOCATION_KEY: '' });
    expect((await revoke(other, [])).status).toBe(404);
  });
});
