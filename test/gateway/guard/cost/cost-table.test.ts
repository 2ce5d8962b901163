import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CostGraph, startCostGraph } from './cost-graph.ts';
import { COST_TABLE } from './cost-table.ts';

describe('the cost of an operation', () => {
  let graph: CostGraph;
  beforeAll(async () => {
    graph = await startCostGraph();
  });
  afterAll(() => graph.close());

  it('has at least thirty operations to be judged by', () => {
    expect(COST_TABLE.length).toBeGreaterThanOrEqual(30);
  });

  it.each(COST_TABLE)('$rule: $query', ({ query, variables, fields, types }) => {
    const { estimated, estimate } = graph.weigh(query, variables);
    expect(estimated).toEqual({ fields, types });
    expect(estimate).toBe(fields + types);
  });
});
