import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../../../../gateway/config.ts';
import type { Asked } from '../../../../gateway/guard/rate-limit/asked.ts';
import { findRateLimitProblems } from '../../../../gateway/guard/rate-limit/rate-limit-problems.ts';
import { findRateLimitWarnings } from '../../../../gateway/guard/rate-limit/rate-limit-warnings.ts';
import { rateLimitConfig } from '../../../../gateway/rate-limit-config.ts';
import { readConfig } from '../../../../service/config.ts';
import { ask, setsOf } from './ask.ts';

const MINUTE = { limit: 100, windowS: 60 };
const ada = { kind: 'token', issuer: 'https://issuer.example', subject: 'ada' } as const;
const machine = { kind: 'api key', issuer: 'keys', subject: 'ada' } as const;

describe('who has a set of rules', () => {
  const ownerBy = (client: string[], asked: Asked) =>
    setsOf({ one: { client, rules: { all: MINUTE } } })[0]?.ownerOf(asked);

  it('knows holders of tokens and of keys, names, and addresses', () => {
    const named = { 'apollographql-client-name': 'web' };
    expect(ownerBy(['identity'], ask({ identity: ada }))).toContain('ada');
    expect(ownerBy(['identity'], ask({ identity: machine }))).toBeUndefined();
    expect(ownerBy(['apiKey'], ask({ identity: machine }))).toContain('ada');
    expect(ownerBy(['apiKey'], ask({ identity: ada }))).toBeUndefined();
    expect(ownerBy(['identity'], ask())).toBeUndefined();
    expect(ownerBy(['clientName'], ask({ headers: named }))).toContain('web');
    expect(ownerBy(['clientName'], ask())).toBeUndefined();
    expect(ownerBy(['clientName'], ask({ headers: { 'apollographql-client-name': '' } }))).toBeUndefined();
    expect(ownerBy(['ip'], ask())).toContain('203.0.113.1');
    expect(ownerBy(['clientName', 'ip'], ask({ headers: named }))).toMatch(/web\s.*203\.0\.113\.1/);
    expect(ownerBy(['clientName', 'ip'], ask())).toBeUndefined();
  });

  it('takes the name from another header when it is told to', () => {
    const [set] = setsOf({ one: { client: ['clientName'], rules: { all: MINUTE } } }, { clientNameHeader: 'X-App' });
    expect(set?.ownerOf(ask({ headers: { 'x-app': 'web' } }))).toContain('web');
  });

  it('takes no two clients for one', () => {
    const owners = [
      ownerBy(['identity'], ask({ identity: { kind: 'token', issuer: 'a', subject: 'bc' } })),
      ownerBy(['identity'], ask({ identity: { kind: 'token', issuer: 'ab', subject: 'c' } })),
      ownerBy(['identity'], ask({ identity: { kind: 'token', issuer: 'a', subject: 'b\n1:c' } })),
      ownerBy(['identity', 'ip'], ask({ identity: { kind: 'token', issuer: 'a', subject: 'b' }, address: 'c' })),
    ];
    expect(new Set(owners).size).toBe(owners.length);
  });
});

describe('what a request is to pay', () => {
  const duesBy = (rule: object, asked: Asked) =>
    setsOf({ one: { client: ['ip'], rules: { rule: { ...MINUTE, ...rule } } } })[0]
      ?.duesOf(asked)
      .map(({ amount }) => amount);
  const keyBy = (rule: object, asked: Asked) =>
    setsOf({ one: { client: ['ip'], rules: { rule: { ...MINUTE, ...rule } } } })[0]?.duesOf(asked)[0]?.key;

  it('is one request, or its cost', () => {
    expect(duesBy({}, ask({ cost: 7 }))).toEqual([1]);
    expect(duesBy({ unit: 'cost' }, ask({ cost: 7 }))).toEqual([7]);
    expect(duesBy({ unit: 'cost' }, ask({ cost: 0 }))).toEqual([0]);
  });

  it('is something for operations of a name alone', () => {
    const rule = { operations: ['Search', 'Find'] };
    expect(duesBy(rule, ask({}, 'query Search { hello }'))).toEqual([1]);
    expect(duesBy(rule, ask({}, 'query Other { hello }'))).toEqual([]);
    expect(duesBy(rule, ask())).toEqual([]);
  });

  it.each([
    ['{ search }', [1]],
    ['{ hello }', []],
    ['{ a: search b: search search hello }', [3]],
    ['{ search search }', [1]],
    ['{ ...F } fragment F on Query { a: search ... { b: search } }', [2]],
    ['query ($no: Boolean!) { a: search @skip(if: true) b: search @include(if: $no) c: search }', [1]],
    ['{ me a: search }', [2]],
    ['mutation { order }', [1]],
  ])('is as much as there are root fields: %s', (query, amounts) => {
    const rule = { fields: ['Query.search', 'Query.me', 'Mutation.order'] };
    expect(duesBy(rule, ask({ coercedVariables: { no: false } }, query))).toEqual(amounts);
  });

  it('is one quota for each field when the rule goes by them', () => {
    const query = '{ a: search b: search me hello }';
    expect(duesBy({ by: ['field'] }, ask({}, query))).toEqual([2, 1, 1]);
    expect(duesBy({ by: ['field'], fields: ['Query.search', 'Query.me'] }, ask({}, query))).toEqual([2, 1]);
    expect(duesBy({ by: ['field'], unit: 'cost' }, ask({ cost: 9 }, query))).toEqual([9, 9, 9]);
  });

  it.each([
    ['operation', ask({}, 'query A { hello }'), ask({}, 'query B { hello }')],
    ['field', ask({}, '{ hello }'), ask({}, '{ me }')],
    ['ip', ask({ address: 'a' }), ask({ address: 'b' })],
    ['clientName', ask({ headers: { 'apollographql-client-name': 'a' } }), ask()],
    ['identity', ask({ identity: ada }), ask({ identity: { ...ada, subject: 'bob' } })],
    ['apiKey', ask({ identity: machine }), ask({ identity: ada })],
  ])('goes into one quota or several: by %s', (by, one, other) => {
    expect(keyBy({ by: [by] }, one)).not.toBe(keyBy({ by: [by] }, other));
    expect(keyBy({}, one)).toBe(keyBy({}, other));
  });
});

describe('the options of rate limits', () => {
  const problems = (sets: unknown) =>
    rateLimitConfig.safeParse({ sets }).error?.issues.map(({ message }) => message) ?? [];

  it.each([
    [{ one: { client: ['ip'], rules: {} } }, /must have a rule/],
    [{ one: { client: ['ip'], rules: { 'a "b"': MINUTE } } }, /must have a name/],
    [{ one: { client: ['ip'], rules: { a: { ...MINUTE, fields: ['search'] } } } }, /such as Query\.search/],
    [{ one: { client: [], rules: { a: MINUTE } } }, /./],
    [{ one: { client: ['ip'], rules: { a: { ...MINUTE, windowS: 0.5 } } } }, /./],
    [{ one: { client: ['ip'], rules: { a: { ...MINUTE, limit: 0 } } } }, /./],
  ])('refuse %j', (sets, message) => {
    expect(problems(sets).join()).toMatch(message);
    expect(problems({ one: { client: ['ip'], rules: { a: MINUTE } } })).toEqual([]);
  });
});

it.each([
  [['identity'], {}, /identity needs authentication\.issuers/],
  [['apiKey'], {}, /apiKey needs authentication\.apiKeys/],
  [['identity', 'apiKey'], {}, /never by both/],
  [['ip'], {}, undefined],
  [['apiKey', 'ip'], { GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: 'a'.repeat(64) }, undefined],
] as const)('a set for %j that no request can have is told at the start', (client, environment, message) => {
  const sets = JSON.stringify({ one: { client, rules: { all: MINUTE } } });
  const config = readConfig({
    schema: gatewayConfig,
    prefix: 'GATEWAY',
    environment: { GATEWAY_RATE_LIMIT_SETS: sets, ...environment },
  });
  const problems = findRateLimitProblems(config);
  if (message === undefined) expect(problems).toEqual([]);
  else expect(problems).toEqual([{ path: 'rateLimit.sets.one.client', message: expect.stringMatching(message) }]);
});

it.each([
  [[['ip'], ['clientName']], 'two'],
  [[['clientName'], ['clientName', 'ip']], 'two'],
  [[['clientName', 'ip'], ['clientName']], 'two'],
  [[['clientName'], ['ip'], ['ip']], 'three'],
  [[['clientName', 'ip'], ['ip']], undefined],
] as const)('of sets for %j, in this order, one that comes too late is told at the start', (clients, late) => {
  const names = ['one', 'two', 'three'];
  const sets = Object.fromEntries(clients.map((client, index) => [names[index], { client, rules: { all: MINUTE } }]));
  const environment = { GATEWAY_RATE_LIMIT_SETS: JSON.stringify(sets) };
  const problems = findRateLimitProblems(readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment }));
  expect(problems).toEqual(
    late === undefined
      ? []
      : [
          {
            path: `rateLimit.sets.${late}.client`,
            message: expect.stringMatching(/^is for nobody: the set "\w+" comes/),
          },
        ],
  );
});

it.each([
  [{ client: ['clientName'], rules: { all: MINUTE } }, {}, [/sets\.one\.client is a name that clients give/]],
  [{ client: ['clientName', 'ip'], rules: { all: MINUTE } }, {}, []],
  [{ client: ['ip'], rules: { each: { ...MINUTE, by: ['operation'] } } }, {}, [/rules\.each goes by names/]],
  [{ client: ['ip'], rules: { each: { ...MINUTE, by: ['operation'] }, all: MINUTE } }, {}, []],
  [{ client: ['ip'], rules: { logins: { ...MINUTE, operations: ['Login'] } } }, {}, [/rules\.logins goes by names/]],
  [
    { client: ['ip'], rules: { logins: { ...MINUTE, operations: ['Login'] } } },
    { GATEWAY_PERSISTED_SAFELIST_MODE: 'only-known', GATEWAY_PERSISTED_SAFELIST_MANIFEST: 'operations.json' },
    [],
  ],
])(
  'of the set %j operators are told that clients choose the names it goes by, if that frees them',
  (set, environment, messages) => {
    const config = readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      environment: { GATEWAY_RATE_LIMIT_SETS: JSON.stringify({ one: set }), ...environment },
    });
    expect(findRateLimitWarnings(config)).toEqual(messages.map((message) => expect.stringMatching(message)));
  },
);
