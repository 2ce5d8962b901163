import { afterEach, describe, expect, it } from '@jest/globals';
import { createPolicies, type EvaluatePolicies } from '../../../../gateway/guard/policies.ts';
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

/** A module that writes down where these tests see it what it is asked, and answers by `body`. */
const moduleOf = (name: string, body: string) => `
  export default (question) => {
    (globalThis.${name} ??= []).push(question);
    ${body}
  };
`;

const asked = (name: string) => (globalThis as Record<string, unknown>)[name] as Parameters<EvaluatePolicies>[0][];

describe('a policy module', () => {
  let graph: GuardedGraph;
  afterEach(() => graph.close());

  it('is asked once for a request, about the policies that matter, who asks and the headers', async () => {
    graph = await startGuardedGraph([SUBGRAPH], {
      policyModule: moduleOf('askedOnce', 'return { p: true, q: true };'),
    });
    const query = '{ pq p again: pq open }';
    const { body } = await graph.ask(query, { scopes: ['s'], subject: 'ada' }, { headers: { 'X-Country': 'GB' } });
    expect(body).toEqual({ data: { pq: 'pq', p: 'p', again: 'pq', open: 'open' } });
    expect(asked('askedOnce')).toEqual([
      {
        policies: ['p', 'q'],
        identity: expect.objectContaining({ subject: 'ada' }) as unknown,
        headers: expect.objectContaining({ 'x-country': 'GB' }) as unknown,
      },
    ]);
    await graph.ask(query);
    expect(asked('askedOnce').map(({ identity }) => identity?.subject)).toEqual(['ada', undefined]);
    await graph.ask('{ open }');
    expect(asked('askedOnce').length).toBe(2);
  });

  it.each([
    ['a promise', 'return new Promise((resolve) => setImmediate(resolve, { p: true }));'],
    ['one of its own making', 'return { then: (resolve) => void setImmediate(resolve, { p: true }) };'],
  ])('may take its time, by %s', async (_title, body) => {
    graph = await startGuardedGraph([SUBGRAPH], { policyModule: moduleOf('askedLater', body) });
    const answer = await graph.ask('{ p pq }');
    expect(answer.body.data).toEqual({ p: 'p', pq: null });
    expect(graph.received()).toEqual(['Query.p']);
  });

  it('lets hold only what it says is true, and is one of several rules', async () => {
    graph = await startGuardedGraph([SUBGRAPH], {
      policyModule: moduleOf('askedTruth', 'return { p: "true", q: 1, r: true };'),
    });
    const answer = await graph.ask('{ p pq r }');
    expect(graph.received()).toEqual([]);
    expect(refusalsOf(answer)).toEqual([
      ['p', 'Query.p is not for you: a policy does not allow it.'],
      ['pq', 'Query.pq is not for you: a policy does not allow it.'],
      ['r', 'Query.r is not for you: it needs an authenticated caller.'],
    ]);
  });

  it.each([
    ['throws', 'throw new Error("a secret of the module");'],
    ['rejects', 'return Promise.reject(new Error("a secret of the module"));'],
    ['answers nothing', ''],
    ['answers something else', 'return "p";'],
    ['never answers', 'return new Promise(() => {});'],
  ])('that %s lets nobody in, and tells nothing', async (_title, body) => {
    graph = await startGuardedGraph([SUBGRAPH], {
      policyModule: moduleOf('askedInVain', body),
      environment: { GATEWAY_AUTHORIZATION_POLICY_TIMEOUT_MS: '20' },
    });
    const answer = await graph.ask('{ open p }', { scopes: [] });
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({
      errors: [
        { message: 'Whether you may have this cannot be found out now.', extensions: { code: 'POLICIES_UNAVAILABLE' } },
      ],
    });
    expect(graph.received()).toEqual([]);
    expect((await graph.ask('{ open }')).body).toEqual({ data: { open: 'open' } });
  });

  it('that is not there lets no policy hold', async () => {
    graph = await startGuardedGraph([SUBGRAPH], { environment: { GATEWAY_AUTHORIZATION_POLICY_MODULE: '' } });
    expect((await graph.ask('{ open p }', { scopes: [], policies: ['p'] })).body.data).toEqual({
      open: 'open',
      p: null,
    });
    expect(graph.received()).toEqual(['Query.open']);
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
