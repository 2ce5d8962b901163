import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signExplain } from '../../gateway/guard/may-explain.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { startIssuer, type TestIssuer, trusting } from '../support/issuer.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const KEY = 'a key of sixteen characters';
const inS = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe('an explanation', () => {
  let issuer: TestIssuer;
  let users: ControlledSubgraph;
  let orders: ControlledSubgraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    issuer = await startIssuer();
    users = await startControlledSubgraph({
      name: 'users',
      sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String, salary: Int @requiresScopes(scopes: [["hr"]]) }',
      resolvers: { Query: { me: () => ({ id: '1', name: 'Ada', salary: 1 }) } },
    });
    orders = await startControlledSubgraph({
      name: 'orders',
      sdl: 'type User @key(fields: "id") { id: ID! orders: [Int] }',
      resolvers: { User: { __resolveReference: (user: object) => user, orders: () => [1, 2] } } as never,
    });
    users.control = 'max-age=60';
    orders.control = 'max-age=60';
    gateway = await startTestGateway([users.schema, orders.schema], {
      ...trusting(issuer),
      GATEWAY_EXPLAIN_KEY: KEY,
      GATEWAY_EXPLAIN_ANYONE: 'false',
      GATEWAY_EXPLAIN_ROLES: 'operator',
      GATEWAY_COST_MODE: 'report',
      GATEWAY_RATE_LIMIT_SETS: JSON.stringify({
        all: { client: ['ip'], rules: { many: { limit: 100, windowS: 60 } } },
      }),
      GATEWAY_TELEMETRY_METRICS_IS_ENABLED: 'false',
    });
  });
  afterAll(async () => {
    await gateway.close();
    for (const each of [users, orders, issuer]) await each.close();
  });

  const QUERY = 'query Me { me { name salary orders } }';
  const ask = (explain?: string, headers: Record<string, string> = {}) =>
    gateway.query(QUERY, { headers: { ...headers, ...(explain !== undefined && { 'x-explain': explain }) } });
  interface Explained {
    readonly plan?: { readonly kind: string; readonly nodes: readonly Record<string, unknown>[] };
    readonly cache: Record<string, unknown>;
    readonly [name: string]: unknown;
  }
  const explained = async (headers: Record<string, string> = {}) => {
    const { body, headers: got } = await ask(signExplain(KEY, inS(60)), headers);
    expect(got.get('cache-control')).toBe('no-store');
    return (body.extensions as { explain: Explained }).explain;
  };

  it('has the plan with what became of each fetch, what was cut, costs and limits; then where the answer is kept', async () => {
    const cold = await explained();
    expect(cold).toMatchObject({
      operation: { name: 'Me', hash: expect.stringMatching(/^\w{64}$/) },
      supergraph: expect.stringMatching(/^\w{64}$/),
      plan: {
        kind: 'sequence',
        nodes: [
          {
            ...{ kind: 'fetch', subgraph: 'users', operation: expect.stringContaining('me') },
            calls: [{ durationMs: expect.any(Number), tries: [{ address: users.url, outcome: 200 }] }],
            cache: [{ decision: 'miss', kind: 'root', key: expect.any(String) }],
          },
          {
            ...{ kind: 'fetch', subgraph: 'orders', path: 'me' },
            calls: [{ bytes: expect.any(Number), tries: [{ address: orders.url, outcome: 200 }] }],
            cache: [{ decision: 'miss', kind: 'entities', found: '0 of 1' }],
          },
        ],
      },
      cache: { decision: 'miss', key: expect.any(String) },
      refused: [{ field: 'salary', message: expect.stringContaining('hr') }],
      cost: { estimated: expect.anything(), actual: expect.anything() },
      limits: { ratelimit: expect.stringContaining('many') },
    });
    const { stepsMs } = cold as unknown as { stepsMs: Record<string, number> };
    expect(Object.keys(stepsMs)).toEqual([
      'authenticate',
      'prepare',
      'authorize',
      'charge',
      'cache',
      'plan',
      'execute',
    ]);
    const warm = await explained();
    expect(warm).toMatchObject({
      cache: { decision: 'hit', level: 'l1', key: cold.cache.key, age: expect.any(Number) },
    });
    expect(warm).not.toHaveProperty('plan');
  });

  it('is for who has a signature that lasts, or a role', async () => {
    const operator = {
      authorization: `Bearer ${await issuer.token({ subject: 'o', claims: { roles: ['operator'] } })}`,
    };
    const stranger = { authorization: `Bearer ${await issuer.token({ subject: 's', claims: { roles: ['other'] } })}` };
    const isExplained = async (...args: Parameters<typeof ask>) => {
      const { body } = await ask(...args);
      expect(body.data).toMatchObject({ me: { name: 'Ada' } });
      return body.extensions !== undefined;
    };
    expect(await isExplained()).toBe(false);
    expect(await isExplained('1', operator)).toBe(true);
    expect(await isExplained('1', stranger)).toBe(false);
    expect(await isExplained('1')).toBe(false);
    expect(await isExplained(signExplain('another key of 16 characters', inS(60)))).toBe(false);
    expect(await isExplained(signExplain(KEY, inS(-1)))).toBe(false);
    // So far ahead that whoever finds it could use it for long.
    expect(await isExplained(signExplain(KEY, inS(7_200)))).toBe(false);
    expect(await isExplained(`${inS(60)}.${signExplain(KEY, inS(30)).split('.')[1]}`)).toBe(false);
  });

  it('is asked for with a header that a command makes', async () => {
    const environment = { ...process.env, GATEWAY_EXPLAIN_KEY: KEY };
    const printed = execFileSync(process.execPath, ['scripts/explain.ts', '--minutes', '5'], { env: environment });
    const [name, value] = printed.toString().trim().split(': ');
    expect(name).toBe('x-explain');
    expect((await ask(value)).body.extensions).toHaveProperty('explain');
  });
});
