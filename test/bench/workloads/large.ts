import { LINK, type Workload } from './workload.ts';

/** An answer of some 8 MB: 20,000 entities of one subgraph, each with two fields of another. */

const COUNT = 20_000;
const items = Array.from({ length: COUNT }, (_, index) => ({
  id: `item-${index}`,
  name: `An item of the catalogue with number ${index}`,
  description: `What "${index}" is good for, in a text that is long enough to matter. `.repeat(4),
  tags: ['first', 'second', `of-${index % 100}`],
}));

const numberOf = ({ id }: { id: string }) => Number(id.slice('item-'.length));

export const large: Workload = {
  name: 'large',
  title: 'large: an answer of 8 MB, 20,000 entities of two subgraphs',
  query: '{ items { id name description tags price inStock } }',
  subgraphs: {
    catalogue: {
      sdl: `${LINK} type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! name: String! description: String! tags: [String!]! }`,
      resolvers: { Query: { items: () => items } } as never,
    },
    stock: {
      sdl: `${LINK} type Item @key(fields: "id") { id: ID! price: Float! inStock: Boolean! }`,
      resolvers: {
        Item: {
          __resolveReference: (reference: object) => reference,
          price: (item: { id: string }) => numberOf(item) / 4,
          inStock: (item: { id: string }) => numberOf(item) % 7 !== 0,
        },
      } as never,
    },
  },
};
