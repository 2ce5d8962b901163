import { describe, expect, it } from '@jest/globals';
import { OperationTypeNode, parse } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '../../planning/plan.ts';
import { createPlanCheck } from '../../planning/plan-check.ts';
import { isInOrder } from '../../planning/plan-order.ts';
import { reschedule } from '../../planning/reschedule.ts';
import { readDemands } from '../../planning/subgraph-demands.ts';

const demanded = readDemands(
  parse(`
    enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
    type Query @join__type(graph: A) @join__type(graph: B) {
      box: Box @join__field(graph: A)
      given: Box @join__field(graph: A, provides: "weight")
      maker: Maker @join__field(graph: B)
    }
    type Box @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      weight: Int @join__field(graph: A, external: true) @join__field(graph: B)
      cost: Int @join__field(graph: A, requires: "weight")
      size: Int @join__field(graph: A)
    }
    interface Maker @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) { id: ID! }
    type Robot implements Maker @join__type(graph: A, key: "id") { id: ID! model: Int @join__field(graph: A) }
  `),
);
const isSound = createPlanCheck(demanded);

const field = (name: string): QueryPlanSelectionNode => ({ kind: 'Field', name });
const root = (operation: string): FetchNode => fetch('a', operation);
const entities = (serviceName: string, names: readonly string[], selection: string, path = 'box'): PlanNode => ({
  kind: 'Flatten',
  path: [path],
  node: {
    ...fetch(
      serviceName,
      `query($representations:[_Any!]!){_entities(representations:$representations){...on Box{${selection}}}}`,
    ),
    requires: [{ kind: 'InlineFragment', typeCondition: 'Box', selections: ['__typename', ...names].map(field) }],
  },
});
const plan = (...nodes: PlanNode[]): QueryPlan => ({ kind: 'QueryPlan', node: { kind: 'Sequence', nodes } });

function fetch(serviceName: string, operation: string): FetchNode {
  return { kind: 'Fetch', serviceName, operation, operationName: undefined, operationKind: OperationTypeNode.QUERY };
}

describe('a plan that is checked', () => {
  const start = root('{box{__typename id}}');

  it('is sound when a field comes with what it requires, after what brings that', () => {
    expect(isSound(plan(start, entities('b', ['id'], 'weight'), entities('a', ['id', 'weight'], 'cost')))).toBe(true);
  });

  it.each([
    ['a field that requires is asked for where its object is found', plan(root('{box{cost}}'))],
    ['a field comes without what it requires', plan(start, entities('a', ['id'], 'cost'))],
    ['a named fragment has a field that requires', plan(root('{box{...F}}fragment F on Box{cost}'))],
    ['an external field is asked for', plan(root('{box{weight}}'))],
    ['what is required was never fetched', plan(start, entities('a', ['id', 'weight'], 'cost'))],
    [
      'what is required is fetched at the same time',
      plan(start, {
        kind: 'Parallel',
        nodes: [entities('b', ['id'], 'weight'), entities('a', ['id', 'weight'], 'cost')],
      }),
    ],
  ])('is not sound when %s', (_, unsound) => {
    expect(isSound(unsound)).toBe(false);
  });

  it('finds what named fragments bring', () => {
    const named = root('{box{...F}}fragment F on Box{__typename id}');
    expect(isSound(plan(named, entities('b', ['id'], 'weight')))).toBe(true);
  });

  it('may ask for an external field where it is provided', () => {
    expect(isSound(plan(root('{given{weight}}')))).toBe(true);
  });
});

describe('a plan that is put in order', () => {
  const start = root('{box{__typename id}}');

  it('has each fetch after those that bring what it requires', () => {
    const put = reschedule(
      plan(start, entities('a', ['id', 'weight'], 'cost'), entities('b', ['id'], 'weight')),
      demanded,
    );
    expect(put && isInOrder(put, demanded)).toBe(true);
  });

  it('does not let a field wait for what another in its fetch requires', () => {
    const put = reschedule(
      plan(start, entities('a', ['id', 'weight'], 'cost size'), entities('b', ['id'], 'weight')),
      demanded,
    );
    expect(put?.node).toMatchObject({
      kind: 'Sequence',
      nodes: [
        { kind: 'Fetch' },
        {
          kind: 'Parallel',
          nodes: [{ node: { operation: expect.stringContaining('size') } }, { node: { serviceName: 'b' } }],
        },
        { node: { operation: expect.stringContaining('cost') } },
      ],
    });
  });

  it('has what a type has after the fetch that tells the type of an @interfaceObject', () => {
    const makers = (fragment: string, typeCondition: string): PlanNode => ({
      kind: 'Flatten',
      path: ['maker'],
      node: {
        ...fetch('a', `query($representations:[_Any!]!){_entities(representations:$representations){${fragment}}}`),
        requires: [{ kind: 'InlineFragment', typeCondition, selections: ['__typename', 'id'].map(field) }],
      },
    });
    const put = reschedule(
      plan(
        fetch('b', '{maker{__typename id}}'),
        makers('...on Robot{model}', 'Robot'),
        makers('...on Maker{__typename ...on Robot{id}}', 'Maker'),
      ),
      demanded,
    );
    expect(put?.node).toMatchObject({
      nodes: [
        { kind: 'Fetch' },
        { node: { operation: expect.stringContaining('__typename') } },
        { node: { operation: expect.stringContaining('model') } },
      ],
    });
  });

  it('has the second call of a mutation after all that follows the first', () => {
    const call = (key: string): FetchNode => ({
      ...root(`mutation{${key}:box{__typename id}}`),
      operationKind: OperationTypeNode.MUTATION,
    });
    const put = reschedule(
      plan(
        call('one'),
        entities('a', ['id', 'weight'], 'cost', 'one'),
        entities('b', ['id'], 'weight', 'one'),
        call('two'),
        entities('b', ['id'], 'weight', 'two'),
      ),
      demanded,
    );
    expect(put?.node).toMatchObject({
      nodes: [
        { operationKind: 'mutation' },
        { node: { serviceName: 'b' } },
        { node: { serviceName: 'a' } },
        { operationKind: 'mutation' },
        { node: { serviceName: 'b' } },
      ],
    });
  });

  it('has named fragments written out where a fetch is taken apart', () => {
    const named: PlanNode = {
      kind: 'Flatten',
      path: ['box'],
      node: {
        ...fetch(
          'a',
          'query($representations:[_Any!]!){_entities(representations:$representations){...on Box{...F size}}}fragment F on Box{cost}',
        ),
        requires: [
          { kind: 'InlineFragment', typeCondition: 'Box', selections: ['__typename', 'id', 'weight'].map(field) },
        ],
      },
    };
    const put = reschedule(plan(start, named, entities('b', ['id'], 'weight')), demanded);
    expect(JSON.stringify(put)).not.toContain('fragment F');
    expect(put?.node).toMatchObject({
      nodes: [
        { kind: 'Fetch' },
        { nodes: [{ node: { operation: expect.stringContaining('size') } }, { node: { serviceName: 'b' } }] },
        { node: { operation: expect.stringContaining('cost'), requires: [{ selections: { length: 3 } }] } },
      ],
    });
  });

  it('is not there when something required is fetched by nobody', () => {
    expect(reschedule(plan(start, entities('a', ['id', 'weight'], 'cost')), demanded)).toBeUndefined();
  });
});
