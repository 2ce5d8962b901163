import { w1 } from './w1.ts';
import { LINK, type Workload, type WorkloadSubgraph } from './workload.ts';

/**
 * W1 on a graph that changes: `inventory` goes, `warehouse` comes in its place at an address of its own, and takes the names of
 * the products over. The same query then has another answer, by as many fetches.
 */

/** What the names begin with when they come from the warehouse: the rest of the answer is the same. */
export const AFTER_MARK = 'In the warehouse: ';

const { inventory, ...staying } = w1.subgraphs;
if (inventory === undefined) throw new TypeError('W1 has an inventory');
const { Product } = inventory.resolvers as { Product: object };

const warehouse: WorkloadSubgraph = {
  sdl: `${LINK.replace('["@key"', '["@key", "@override"')} type Product @key(fields: "upc") { upc: String! name: String @override(from: "products") weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
  resolvers: {
    Product: { ...Product, name: ({ upc }: { upc: string }) => `${AFTER_MARK}A product with number ${upc.slice(1)}` },
  } as never,
};

export const reload: Workload = {
  ...w1,
  name: 'reload',
  title: 'W1 on a graph that changes under it',
  later: { warehouse },
};

/** What the graph is composed of after the change. */
export const AFTER: Readonly<Record<string, WorkloadSubgraph>> = { ...staying, warehouse };
