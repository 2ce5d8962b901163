import { beforeAll, describe, expect, it } from '@jest/globals';
import { compose } from '../../../composition/compose.ts';
import { type MappedType, mapTypes } from '../../../registry/schema/type-map.ts';

const link = (...directives: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(directives)})`;

const STOCK = `${link('@key', '@shareable', '@inaccessible', '@external')}
"What is sold."
type Product @key(fields: "id") @key(fields: "sku region") {
  id: ID!
  sku: String!
  region: String! @shareable
  weight: Int @deprecated(reason: "in grams now")
  secret: String @inaccessible
}
type Query { product(id: ID!, first: Int = 3): Product }
enum Size { SMALL LARGE }
union Found = Product
`;

const SHIPPING = `${link('@key', '@shareable', '@external', '@requires', '@override')}
type Product @key(fields: "id") {
  id: ID!
  weight: Int @external
  region: String! @shareable
  price: Int @requires(fields: "weight")
  sku: String! @override(from: "stock")
}
type Query { size: Size, found: Found }
enum Size { SMALL LARGE }
union Found = Product | Parcel
type Parcel { number: ID! }
`;

describe('the types of a supergraph', () => {
  let types: readonly MappedType[];
  beforeAll(() => {
    const composition = compose([
      { name: 'stock', url: 'http://stock.test', sdl: STOCK },
      { name: 'shipping-co', url: 'http://shipping.test', sdl: SHIPPING },
    ]);
    if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
    types = mapTypes(composition.supergraphSdl);
  });
  const type = (name: string) => types.find((one) => one.name === name);
  const field = (name: string, of = 'Product') => type(of)?.fields.find((one) => one.name === name);

  it('are those of the graph alone, by name', () => {
    expect(types.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      ...['Found UNION', 'Parcel OBJECT', 'Product OBJECT', 'Query OBJECT', 'Size ENUM'],
    ]);
    expect(type('Product')).toMatchObject({ description: 'What is sold.', isEntity: true, isHidden: false });
  });

  it('say which subgraph has which keys, and how many of the fields', () => {
    expect(type('Product')?.shares).toEqual([
      { subgraph: 'shipping-co', keys: ['id'], fieldCount: 4 },
      { subgraph: 'stock', keys: ['id', 'sku region'], fieldCount: 4 },
    ]);
    expect(type('Parcel')).toMatchObject({ isEntity: false, shares: [{ subgraph: 'shipping-co', keys: [] }] });
  });

  it('say of which subgraph a field is asked: not of one where it is external, or was taken over', () => {
    expect(field('id')?.subgraphs).toEqual(['shipping-co', 'stock']);
    expect(field('region')?.subgraphs).toEqual(['shipping-co', 'stock']);
    expect(field('weight')).toMatchObject({ subgraphs: ['stock'], deprecated: 'in grams now' });
    expect(field('price')).toMatchObject({ subgraphs: ['shipping-co'], requires: 'weight', type: 'Int' });
    expect(field('secret')?.isHidden).toBe(true);
    expect(field('product', 'Query')?.arguments).toEqual(['id: ID!', 'first: Int']);
  });

  it('have the values of an enum and the members of a union', () => {
    expect(type('Size')?.fields.map(({ name, subgraphs }) => [name, subgraphs.length])).toEqual([
      ['SMALL', 2],
      ['LARGE', 2],
    ]);
    expect(type('Found')?.fields).toMatchObject([
      { name: 'Product', subgraphs: ['shipping-co', 'stock'] },
      { name: 'Parcel', subgraphs: ['shipping-co'] },
    ]);
  });
});
