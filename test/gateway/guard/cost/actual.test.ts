import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import type { Points } from '../../../../gateway/guard/cost/estimate.ts';
import { ClosingStack } from '../../../../service/run.ts';
import { createRandom, randomQuery } from '../../../federation/support/random-operation.ts';
import { startSubgraph } from '../../../federation/support/subgraph.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { type Counted, countingShop } from './counting-shop.ts';

const SEED = 1_002;
const OPERATIONS = 60;
const EXPLAIN = { 'cost-explain': 'a-secret-of-tests' };

describe('the actual cost of an answer', () => {
  const stack = new ClosingStack();
  const random = createRandom(SEED);
  const counted: Counted = { fields: 0, types: 0 };
  let gateway: TestGateway;
  beforeAll(async () => {
    const subgraph = stack.add('subgraph', await startSubgraph(countingShop(random, counted)));
    gateway = stack.add(
      'gateway',
      await startTestGateway([subgraph.schema], { GATEWAY_COST_EXPLAIN_KEY: EXPLAIN['cost-explain'] }),
    );
  });
  afterAll(() => stack.close());

  async function costOf(query: string): Promise<{ estimated: Points; actual: Points }> {
    const { body } = await gateway.query(query, { headers: EXPLAIN });
    expect({ query, errors: body.errors }).toEqual({ query, errors: undefined });
    return body.extensions?.cost as { estimated: Points; actual: Points };
  }

  it('is what the resolvers have cost, and never more than the estimate, whatever is asked', async () => {
    const { body } = await gateway.query(getIntrospectionQuery());
    const schema = buildClientSchema(body.data as unknown as IntrospectionQuery);
    let lists = 0;
    for (let number = 0; number < OPERATIONS; number++) {
      const query = randomQuery(schema, random);
      counted.fields = 0;
      // The root type, which no resolver makes.
      counted.types = 1;
      const { estimated, actual } = await costOf(query);
      expect({ query, fields: actual.fields, types: actual.types }).toEqual({ query, ...counted });
      expect({ query, isBelow: actual.fields <= estimated.fields && actual.types <= estimated.types }).toEqual({
        query,
        isBelow: true,
      });
      if (actual.types > 10) lists++;
    }
    // Or else it would prove nothing.
    expect(lists).toBeGreaterThan(5);
  });
});
