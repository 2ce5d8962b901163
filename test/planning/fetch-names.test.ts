import { expect, it } from '@jest/globals';
import { nameFetches } from '../../planning/fetch-names.ts';
import type { FetchNode } from '../../planning/plan.ts';

const fetchOf = (number: number, selection: string): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'orders',
  operationName: `Me__orders__${number}`,
  operation: `query Me__orders__${number}{${selection}}`,
  operationKind: 'query' as FetchNode['operationKind'],
});

it('gives equal fetches one text, and different ones different names', () => {
  const { node } = nameFetches({
    kind: 'QueryPlan',
    node: { kind: 'Parallel', nodes: [fetchOf(0, 'a'), fetchOf(7, 'a'), fetchOf(8, 'b')] },
  });
  const [first, second, third] = (node as { nodes: FetchNode[] }).nodes;
  expect(first?.operation).toMatch(/^query Me__orders__[0-9a-f]{12}\{a\}$/);
  expect(first?.operation).toContain(first?.operationName);
  expect(second?.operation).toBe(first?.operation);
  expect(third?.operationName).not.toBe(first?.operationName);
});
