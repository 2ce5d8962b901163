import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPolicies, type EvaluatePolicies } from '../../../../gateway/guard/policies.ts';
import { ClosingStack } from '../../../../service/run.ts';
import { createTestLog } from '../../../support/log-lines.ts';
import { startTestGateway } from '../../../support/test-gateway.ts';
import { type GuardedGraph, refusalsOf, startGuardedGraph } from './guarded-graph.ts';

const SUBGRAPH = {
  name: 'one',
  sdl: `
    type Query {
      open: String
      p: String @policy(policies: [["p"]])
      pq: String @policy(policies: [["p", "q"]])
      r: String @policy(policies: [["r"]]) @authenticated
    }
  `,
  resolvers: { Query: { open: () => 'open', p: () => 'p', pq: () => 'pq', r: () => 'r' } },
};

/** What one module does, by the header that names it. It writes down where these tests see it what it is asked. */
const BODIES = {
  askedOnce: 'return { p: true, q: true };',
  askedForPromise: 'return new Promise((resolve) => setImmediate(resolve, { p: true }));',
  askedForThenable: 'return { then: (resolve) => void setImmediate(resolve, { p: true }) };',
  askedTruth: 'return { p: "true", q: 1, r: true };',
  askedToThrow: 'throw new Error("a secret of the module");',
  askedToReject: 'return Promise.reject(new Error("a secret of the module"));',
  askedForNothing: '',
  askedForSomethingElse: 'return "p";',
  askedForEver: 'return new Promise(() => {});',
};
type Name = keyof typeof BODIES;

const POLICY_MODULE = `
  const bodies = {
    ${Object.entries(BODIES).map(([name, body]) => `${name}: () => { ${body} }`)}
  };
  export default (question) => {
    const name = question.headers['x-body'];
    (globalThis[name] ??= []).push(question);
    return bodies[name]();
  };
`;

const asked = (name: Name) => (globalThis as Record<string, unknown>)[name] as Parameters<EvaluatePolicies>[0][];

describe('a policy module', () => {
  const stack = new ClosingStack();
  let patient: GuardedGraph;
  /** Waits 20 ms for the module. */
  let hasty: GuardedGraph;
  let without: GuardedGraph;
  beforeAll(async () => {
    const start = async (environment: Record<string, string>) =>
      stack.add('graph', await startGuardedGraph([SUBGRAPH], { policyModule: POLICY_MODULE, environment }));
    [patient, hasty, without] = await Promise.all([
      start({}),
      start({ GATEWAY_AUTHORIZATION_POLICY_TIMEOUT_MS: '20' }),
      start({ GATEWAY_AUTHORIZATION_POLICY_MODULE: '' }),
    ]);
  });
  afterEach(() => {
    for (const graph of [patient, hasty, without]) graph.received();
  });
  afterAll(() => stack.close());

  const by = (name: Name, headers: Record<string, string> = {}) => ({ headers: { 'X-Body': name, ...headers } });

  it('is asked once for a request, about the policies that matter, who asks and the headers', async () => {
    const query = '{ pq p again: pq open }';
    const ada = { scopes: ['s'], subject: 'ada' };
    const { body } = await patient.ask(query, ada, by('askedOnce', { 'X-Country': 'GB' }));
    expect(body).toEqual({ data: { pq: 'pq', p: 'p', again: 'pq', open: 'open' } });
    expect(asked('askedOnce')).toEqual([
      {
        policies: ['p', 'q'],
        identity: expect.objectContaining({ subject: 'ada' }) as unknown,
        headers: expect.objectContaining({ 'x-country': 'GB' }) as unknown,
      },
    ]);
    await patient.ask(query, {}, by('askedOnce'));
    expect(asked('askedOnce').map(({ identity }) => identity?.subject)).toEqual(['ada', undefined]);
    await patient.ask('{ open }', {}, by('askedOnce'));
    expect(asked('askedOnce').length).toBe(2);
  });

  it.each([
    ['a promise', 'askedForPromise'],
    ['one of its own making', 'askedForThenable'],
  ] as const)('may take its time, by %s', async (_title, name) => {
    const answer = await patient.ask('{ p pq }', {}, by(name));
    expect(answer.body.data).toEqual({ p: 'p', pq: null });
    expect(patient.received()).toEqual(['Query.p']);
  });

  it('lets hold only what it says is true, and is one of several rules', async () => {
    const answer = await patient.ask('{ p pq r }', {}, by('askedTruth'));
    expect(patient.received()).toEqual([]);
    expect(refusalsOf(answer)).toEqual([
      ['p', 'Query.p is not for you: a policy does not allow it.'],
      ['pq', 'Query.pq is not for you: a policy does not allow it.'],
      ['r', 'Query.r is not for you: it needs an authenticated caller.'],
    ]);
  });

  it.each([
    ['throws', 'askedToThrow'],
    ['rejects', 'askedToReject'],
    ['answers nothing', 'askedForNothing'],
    ['answers something else', 'askedForSomethingElse'],
    ['never answers', 'askedForEver'],
  ] as const)('that %s lets nobody in, and tells nothing', async (_title, name) => {
    const answer = await hasty.ask('{ open p }', { scopes: [] }, by(name));
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({
      errors: [
        { message: 'Whether you may have this cannot be found out now.', extensions: { code: 'POLICIES_UNAVAILABLE' } },
      ],
    });
    expect(hasty.received()).toEqual([]);
    expect((await hasty.ask('{ open }', {}, by(name))).body).toEqual({ data: { open: 'open' } });
  });

  it('that is not there lets no policy hold', async () => {
    expect((await without.ask('{ open p }', { scopes: [], policies: ['p'] })).body.data).toEqual({
      open: 'open',
      p: null,
    });
    expect(without.received()).toEqual(['Query.open']);
  });
});

it('warns, when a graph is loaded, of what is for nobody', async () => {
  const { log, lines } = createTestLog('warn');
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@policy", "@authenticated"])';
  const schema = { name: 'one', url: 'http://127.0.0.1:1', sdl: link + SUBGRAPH.sdl };
  const gateway = await startTestGateway([schema], {}, log);
  await lines.find(/has @authenticated, and no issuer or API key is known here/);
  await lines.find(/has @policy, and there is no authorization.policyModule/);
  await gateway.close();
});

it('logs whole what a policy module throws, once in a second', async () => {
  const { log, lines } = createTestLog('error');
  let time = 0;
  const find = createPolicies(
    () => {
      throw new Error('no database');
    },
    { timeoutMs: 1_000, log, now: () => time },
  );
  for (const at of [0, 500, 999, 1_000]) {
    time = at;
    expect(() => find({ policies: ['p'], identity: undefined, headers: {} })).toThrow('cannot be found out now');
  }
  expect(await lines.find(/"untold":2/)).toContain('the policy module failed');
  expect(lines.all.filter((line) => line.includes('no database')).length).toBe(2);
});
