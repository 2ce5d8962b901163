import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Points } from '../../../../gateway/guard/cost/estimate.ts';
import { ClosingStack } from '../../../../service/run.ts';
import { startControlledSubgraph } from '../../../support/controlled-subgraph.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const KEY = 'a-secret-of-tests';
const stack = new ClosingStack();
let gateway: TestGateway;
beforeAll(async () => {
  const subgraph = stack.add(
    'subgraph',
    await startControlledSubgraph({
      name: 'one',
      sdl: 'type Query { all: [One!] } type One { id: ID }',
      resolvers: { Query: { all: () => [{ id: '1' }, { id: '2' }] } },
    }),
  );
  subgraph.control = 'public, max-age=60';
  const options = { GATEWAY_COST_EXPLAIN_KEY: KEY, GATEWAY_CACHE_EXPLAIN_KEY: KEY };
  gateway = stack.add('gateway', await startTestGateway([subgraph.schema], options));
});
afterAll(() => stack.close());

it('an answer that was kept costs nothing, and is explained beside what the cache explains', async () => {
  const ask = async () => {
    const { body, headers } = await gateway.query('{ all { id } }', {
      headers: { 'cost-explain': KEY, 'cache-explain': KEY },
    });
    expect(body.data).toEqual({ all: [{ id: '1' }, { id: '2' }] });
    expect(headers.get('cache-control')).toBe('no-store');
    return body.extensions as {
      cost: { estimated: Points; actual: Points };
      cache: { response: { decision: string } };
    };
  };
  const first = await ask();
  expect(first.cache.response.decision).toBe('miss');
  expect(first.cost).toMatchObject({ estimated: { total: 12 }, actual: { total: 1 + 1 + 2 } });
  const second = await ask();
  expect(second.cache.response.decision).toBe('hit');
  expect(second.cost).toMatchObject({ estimated: { total: 12 }, actual: { total: 0 } });
});
