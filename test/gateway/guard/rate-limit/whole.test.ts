import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { hashApiKey } from '../../../../gateway/guard/api-keys.ts';
import { ClosingStack } from '../../../../service/run.ts';
import type { ControlledSubgraph } from '../../../support/controlled-subgraph.ts';
import { startIssuer, trusting } from '../../../support/issuer.ts';
import { createTestLog } from '../../../support/log-lines.ts';
import { startRedisCluster } from '../../../support/redis-cluster.ts';
import { describeOnRedis, describeWithRedisServer } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { answeredOf, leftAfter, openLimited, shareQuotas, startSubgraph } from './whole.ts';

/** So long a window that nothing comes back while a test runs. */
const YEAR_S = 31_536_000;
const BY_ADDRESS = { all: { client: ['ip'], rules: { yearly: { limit: 600, windowS: YEAR_S } } } };

let stack: ClosingStack;
let subgraph: ControlledSubgraph;
beforeEach(async () => {
  stack = new ClosingStack();
  subgraph = stack.add('subgraph', await startSubgraph());
});
afterEach(() => stack.close());

describe('a gateway with rate limits', () => {
  it('says in each answer what is left, and refuses what is more', async () => {
    const gateway = await openLimited(stack, subgraph, {
      all: {
        client: ['ip'],
        rules: { burst: { limit: 2, windowS: 60 }, points: { limit: 50, windowS: 60, unit: 'cost' } },
      },
    });
    const first = await gateway.query('{ hello }');
    expect(first.body).toEqual({ data: { hello: 'hello' } });
    expect(first.headers.get('ratelimit-policy')).toBe('"burst";q=2;w=60, "points";q=50;w=60;qu="cost-points"');
    expect(first.headers.get('ratelimit')).toMatch(/^"burst";r=1;t=6[01], "points";r=49;t=6[01]$/);
    expect((await gateway.query('mutation { order }')).headers.get('ratelimit')).toMatch(
      /^"burst";r=0;t=\d+, "points";r=39/,
    );
    const { status, headers, body } = await gateway.query('{ hello }');
    expect(status).toBe(429);
    expect(headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+$/);
    // From the first request on, whenever that was.
    const retryAfterS = Number(headers.get('retry-after'));
    expect(retryAfterS).toBeGreaterThan(0);
    expect(retryAfterS).toBeLessThanOrEqual(61);
    expect(body).toEqual({
      errors: [
        {
          message: `The rate limit "burst" allows 2 requests within 60 s, and the next is free in ${retryAfterS} s.`,
          extensions: { code: 'RATE_LIMITED', rule: 'burst', limit: 2, windowS: 60, unit: 'requests', retryAfterS },
        },
      ],
    });
    expect(subgraph.calls.length).toBe(2);
  });

  it('charges the cost that is estimated, and gives back what was not used', async () => {
    const gateway = await openLimited(stack, subgraph, {
      all: { client: ['ip'], rules: { points: { limit: 100, windowS: YEAR_S, unit: 'cost' } } },
    });
    // A query is 1, and so is each of ten items that a list is taken to have. There are two. What is left is told rounded down.
    expect([88, 89]).toContain(await leftAfter(gateway, '{ items { name } }'));
    let asked = 0;
    await until(async () => {
      asked++;
      return [96, 97].includes((await leftAfter(gateway, '{ hello }')) + asked);
    });
  });

  it('has 429 for clients of old as well', async () => {
    const gateway = await openLimited(stack, subgraph, {
      all: { client: ['ip'], rules: { one: { limit: 1, windowS: 60 } } },
    });
    const accept = { accept: 'application/json' };
    expect((await gateway.query('{ hello }', { headers: accept })).status).toBe(200);
    expect((await gateway.query('{ hello }', { headers: accept })).status).toBe(429);
  });

  it('charges nothing for what is refused before it costs anything, and answers from the cache as well', async () => {
    const gateway = await openLimited(
      stack,
      subgraph,
      { all: { client: ['ip'], rules: { few: { limit: 3, windowS: 60 } } } },
      { GATEWAY_CACHE_MODE: 'on' },
    );
    subgraph.control = 'public, max-age=60';
    for (const wrong of ['{ hello', '{ unknown }', 'query A { hello } query B { hello }'])
      expect((await gateway.query(wrong)).status).toBe(400);
    for (const left of [2, 1, 0])
      expect((await gateway.query('{ hello }')).headers.get('ratelimit')).toContain(`r=${left};`);
    expect((await gateway.query('{ hello }')).status).toBe(429);
    expect(subgraph.calls.length).toBe(1);
  });

  it('counts people, machines, programs and addresses, each by themselves', async () => {
    const issuer = stack.add('issuer', await startIssuer());
    const gateway = await openLimited(
      stack,
      subgraph,
      {
        people: { client: ['identity'], rules: { people: { limit: 2, windowS: 60 } } },
        machines: { client: ['apiKey'], rules: { machines: { limit: 2, windowS: 60 } } },
        programs: { client: ['clientName'], rules: { programs: { limit: 2, windowS: 60 } } },
        others: { client: ['ip'], rules: { others: { limit: 2, windowS: 60 } } },
      },
      { ...trusting(issuer), GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: hashApiKey('the key of billing') },
    );
    const as = async (subject: string) => ({ authorization: `Bearer ${await issuer.token({ subject })}` });
    const clients: Record<string, string>[] = [
      await as('ada'),
      await as('bob'),
      { 'x-api-key': 'the key of billing' },
      { 'apollographql-client-name': 'web' },
      { 'apollographql-client-name': 'app' },
      { 'x-forwarded-for': '203.0.113.1' },
      { 'x-forwarded-for': '203.0.113.2' },
    ];
    for (const client of clients) {
      const statuses = [];
      for (let count = 0; count < 3; count++)
        statuses.push((await gateway.query('{ hello }', { headers: client })).status);
      expect(statuses).toEqual([200, 200, 429]);
    }
    // Another token of the same person, from elsewhere.
    const again = { ...(await as('ada')), 'x-forwarded-for': '203.0.113.9' };
    expect((await gateway.query('{ hello }', { headers: again })).status).toBe(429);
  });

  it('warns of fields that the graph does not have', async () => {
    const { log, lines } = createTestLog('warn');
    const rules = { search: { limit: 5, windowS: 60, fields: ['Query.serch', 'Query.search', 'Mutation.order'] } };
    await openLimited(stack, subgraph, { all: { client: ['ip'], rules } }, {}, log);
    expect(await lines.find(/no root field/)).toContain(
      'rateLimit.sets.all.rules.search.fields names no root field of this graph: Query.serch"',
    );
  });

  it('counts a field as often as it is asked for', async () => {
    const rules = { search: { limit: 5, windowS: 60, fields: ['Query.search'] } };
    const gateway = await openLimited(stack, subgraph, { all: { client: ['ip'], rules } });
    const statusOf = async (query: string) => (await gateway.query(query)).status;
    expect(await statusOf('{ a: search b: search c: search }')).toBe(200);
    expect(await statusOf('{ a: search b: search c: search }')).toBe(429);
    expect(await statusOf('{ hello }')).toBe(200);
    expect(await statusOf('{ a: search b: search }')).toBe(200);
    expect(await statusOf('{ search }')).toBe(429);
    // What decides nothing counts as nothing.
    const undecided = 'query ($some: Boolean = true) { search @include(if: $some) }';
    const { status, body } = await gateway.query(undecided, { variables: { some: null } });
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });
});

describeOnRedis('two gateways', (create) => {
  it('share a limit to within a hundredth, and each client has its own', async () => {
    const redis = stack.add('redis', await create());
    const shared = shareQuotas(redis.url, redis.prefix);
    const gateways = [
      await openLimited(stack, subgraph, BY_ADDRESS, shared),
      await openLimited(stack, subgraph, BY_ADDRESS, shared),
    ];
    const answered = await answeredOf(700, gateways, '203.0.113.1');
    expect(answered).toBeLessThanOrEqual(600);
    expect(answered).toBeGreaterThanOrEqual(594);
    expect(await answeredOf(10, gateways, '203.0.113.2')).toBe(10);
    const raw = new Redis(redis.url);
    const keys = await raw.keys(`${redis.prefix}*`);
    const lifetimes = await Promise.all(keys.map((key) => raw.pttl(key)));
    await raw.quit();
    expect(keys.length).toBe(2);
    for (const lifetime of lifetimes) expect(lifetime).toBeGreaterThan(0);
  });
});

describeWithRedisServer('two gateways on a Redis Cluster', () => {
  it('share a limit to within a hundredth', async () => {
    const cluster = stack.add('cluster', await startRedisCluster());
    const shared = { ...shareQuotas(cluster.urls.join(',')), GATEWAY_CACHE_REDIS_IS_CLUSTER: 'true' };
    const gateways = [
      await openLimited(stack, subgraph, BY_ADDRESS, shared),
      await openLimited(stack, subgraph, BY_ADDRESS, shared),
    ];
    for (const client of ['203.0.113.1', '203.0.113.2']) {
      const answered = await answeredOf(650, gateways, client);
      expect(answered).toBeLessThanOrEqual(600);
      expect(answered).toBeGreaterThanOrEqual(594);
    }
  });
});
