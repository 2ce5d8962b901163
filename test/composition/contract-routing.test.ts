import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compose } from '../../composition/compose.ts';
import { filterSupergraph } from '../../composition/contract.ts';
import { ClosingStack } from '../../service/run.ts';
import { type Executor, startOurs, startStock } from '../federation/support/executors.ts';
import { startSubgraph, type TestSubgraph } from '../federation/support/subgraph.ts';

/** The key and what a field requires are hidden from clients: the gateways still need them. */
const SUBGRAPHS: readonly TestSubgraph[] = [
  {
    name: 'products',
    sdl: `type Query { product: Product secret: String @tag(name: "internal") }
      type Product @key(fields: "id") { id: ID! @tag(name: "internal") name: String weight: Int @tag(name: "internal") }`,
    resolvers: {
      Query: { product: () => ({ id: '1', name: 'Table', weight: 30 }), secret: () => 'secret' },
    },
  },
  {
    name: 'shipping',
    sdl: `type Product @key(fields: "id") { id: ID! weight: Int @external shippingCost: Int @requires(fields: "weight") }`,
    resolvers: { Product: { shippingCost: ({ weight }: { weight: number }) => weight * 2 } },
  },
];

describe('a contract in a gateway', () => {
  const stack = new ClosingStack();
  const gateways = new Map<string, Executor>();

  beforeAll(async () => {
    const running = await Promise.all(SUBGRAPHS.map(startSubgraph));
    for (const subgraph of running) stack.add('subgraph', subgraph);
    const composition = compose(running.map(({ schema }) => schema));
    if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
    const filter = { include: [], exclude: ['internal'], hideUnreachableTypes: true };
    const contract = filterSupergraph(composition.supergraphSdl, filter);
    if ('errors' in contract) throw new Error(JSON.stringify(contract.errors));
    gateways.set('ours', stack.add('our gateway', await startOurs(contract.supergraphSdl)));
    gateways.set('stock', stack.add('stock gateway', await startStock(contract.supergraphSdl)));
  });
  afterAll(() => stack.close());

  it.each(['ours', 'stock'])('joins by what it hides, and refuses to tell it (%s)', async (name) => {
    const gateway = gateways.get(name);
    expect(await gateway?.execute({ query: '{ product { name shippingCost } }' })).toEqual({
      data: { product: { name: 'Table', shippingCost: 60 } },
    });
    for (const query of ['{ secret }', '{ product { id } }', '{ product { weight } }']) {
      const response = await gateway?.execute({ query });
      expect(response?.data).toBeUndefined();
      expect(response?.errors).toMatchObject([{ message: expect.stringContaining('Cannot query field') }]);
    }
  });
});
