import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../../service/run.ts';
import { startSubgraph } from '../../../federation/support/subgraph.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const KEY = 'a-secret-of-tests';
const SDL = `
  type Query { all: [One!] @listSize(assumedSize: 4) secrets: [One!] @federation__authenticated }
  type One { id: ID more: [One!] @federation__authenticated }`;

const stack = new ClosingStack();
let gateway: TestGateway;
beforeAll(async () => {
  const all = () => [{ id: '1' }, { id: '2' }];
  const resolvers = { Query: { all, secrets: all }, One: { more: all } };
  const subgraph = stack.add('subgraph', await startSubgraph({ name: 'one', sdl: SDL, resolvers }));
  gateway = stack.add('gateway', await startTestGateway([subgraph.schema], { GATEWAY_COST_EXPLAIN_KEY: KEY }));
});
afterAll(() => stack.close());

it('what the caller may not have is not weighed', async () => {
  const query = '{ all { id more { id more { id } } } secrets { id } }';
  const { body } = await gateway.query(query, { headers: { 'cost-explain': KEY } });
  expect(body.data).toEqual({
    all: [
      { id: '1', more: null },
      { id: '2', more: null },
    ],
    secrets: null,
  });
  expect(body.extensions?.cost).toMatchObject({
    estimated: { fields: 1, types: 1 + 4 },
    actual: { fields: 1, types: 1 + 2 },
    subgraphs: { one: 1 + 1 + 4 },
  });
});
