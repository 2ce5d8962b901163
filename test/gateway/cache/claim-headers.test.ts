import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import {
  type ControlledSubgraph,
  type SubgraphCall,
  startControlledSubgraph,
} from '../../support/controlled-subgraph.ts';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

describe('answers to calls with headers made from claims', () => {
  let stack: ClosingStack;
  let issuer: TestIssuer;
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;

  beforeEach(async () => {
    stack = new ClosingStack();
    issuer = stack.add('issuer', await startIssuer());
    subgraph = await startControlledSubgraph({
      name: 'accounts',
      sdl: 'type Query { me: String }',
      resolvers: {
        Query: { me: (_: unknown, __: unknown, { headers }: SubgraphCall) => headers['x-role'] ?? 'nobody' },
      },
    });
    stack.add('subgraph', subgraph);
    gateway = await startTestGateway([subgraph.schema], {
      ...trusting(issuer),
      GATEWAY_AUTHENTICATION_FORWARD_TOKEN: 'false',
      GATEWAY_AUTHENTICATION_FORWARD_CLAIMS: '{ X-Role: role }',
      GATEWAY_CACHE_EXPLAIN_KEY: 'explain it',
    });
    stack.add('gateway', gateway);
  });
  afterEach(() => stack.close());

  const ask = async (subject?: string, role?: string) => {
    const authorization =
      subject === undefined ? undefined : `Bearer ${await issuer.token({ subject, claims: { role } })}`;
    const headers = { 'cache-explain': 'explain it', ...(authorization !== undefined && { authorization }) };
    const { body } = await gateway.query('{ me }', { headers });
    return body.data?.me;
  };

  it('are for who asked alone, unless they say that they are public', async () => {
    subgraph.control = 'max-age=60';
    for (let round = 0; round < 2; round++) {
      expect(await ask('ada', 'admin')).toBe('admin');
      expect(await ask('bob', 'clerk')).toBe('clerk');
      expect(await ask('ada', 'clerk')).toBe('clerk');
      expect(await ask()).toBe('nobody');
    }
    expect(subgraph.calls.length).toBe(4);
  });

  it('are for all when they say that they are public: what is made from claims is in no key of them', async () => {
    subgraph.control = 'public, max-age=60';
    const first = await ask('ada', 'admin');
    for (const who of ['ada', 'bob', undefined]) expect(await ask(who, 'clerk')).toBe(first);
    expect(subgraph.calls.length).toBe(1);
  });

  it('vary by the header in which the token came', async () => {
    subgraph.control = 'public, max-age=60';
    const response = await fetch(`${gateway.url}/graphql?query={me}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(response.headers.get('vary')).toBe('accept, authorization, accept-language');
  });
});
