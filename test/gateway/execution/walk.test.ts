import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { GatewayError } from '../../../gateway/errors.ts';
import type { SubgraphRequest } from '../../../gateway/execution/reply.ts';
import { walk } from '../../../gateway/execution/walk.ts';
import type { FetchNode, PlanNode } from '../../../planning/plan.ts';

const fetchOf = (field: string): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'one',
  operation: `{ ${field} }`,
  operationName: undefined,
  operationKind: 'query' as FetchNode['operationKind'],
});

async function run(node: PlanNode, coercedVariables: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const root = {};
  const ask = async ({ query }: SubgraphRequest) => {
    asked.push(query);
    const [, field = ''] = /\{ (\w+) \}/.exec(query) ?? [];
    return { data: { [field]: field }, errors: [] };
  };
  const context = { schema: buildSchema('type Query { a: String }'), variables: {}, coercedVariables, ask, root };
  const errors = await walk(context, node, [{ object: root, path: [] }]);
  return { asked, root, errors };
}

describe('walking a plan', () => {
  it('takes the branch of a condition that the variable says, or none', async () => {
    const node: PlanNode = { kind: 'Condition', condition: 'v', ifClause: fetchOf('a') };
    expect((await run(node, { v: true })).asked).toEqual(['{ a }']);
    expect((await run(node, { v: false })).asked).toEqual([]);
    expect((await run({ ...node, elseClause: fetchOf('b') }, { v: false })).root).toEqual({ b: 'b' });
  });

  it('goes one step after the other in a sequence', async () => {
    const { asked, root } = await run({
      kind: 'Sequence',
      nodes: [fetchOf('a'), { kind: 'Parallel', nodes: [fetchOf('b'), fetchOf('c')] }],
    });
    expect([asked, root]).toEqual([['{ a }', '{ b }', '{ c }'], { a: 'a', b: 'b', c: 'c' }]);
  });

  it.each([
    ['at each field that it was for', '{ a b }', [['a'], ['b']]],
    ['without a place, when it was only to tell the type of the root', '{ __typename }', [undefined]],
  ])('tells of a fetch that failed %s', async (_, operation, paths) => {
    const root = {};
    const ask = async () => {
      throw new GatewayError('SUBGRAPH_TIMEOUT', 'late');
    };
    const context = { schema: buildSchema('type Query { a: String }'), variables: {}, coercedVariables: {}, ask, root };
    const errors = await walk(context, { ...fetchOf('a'), operation }, [{ object: root, path: [] }]);
    expect(errors.map(({ path }) => path)).toEqual(paths);
  });

  it('refuses what it does not serve, by name', async () => {
    await expect(run({ kind: 'Defer', primary: {}, deferred: [] })).rejects.toThrow('@defer is not supported');
  });
});
