import { describe, expect, it } from '@jest/globals';
import { compose } from '../../../composition/compose.ts';
import { hasCoordinate, isCoordinate } from '../../../registry/schema/coordinate.ts';

const SHOP = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://shop.test/badge/v1.0", import: ["@badge"])
  @composeDirective(name: "@badge")
directive @badge(text: String) on FIELD_DEFINITION
type Query { product(id: ID!, size: Size): Product found(by: Search): Found }
interface Named { name: String }
type Product implements Named @key(fields: "id") { id: ID! name: String @badge(text: "new") }
type Parcel { number: ID! }
union Found = Product | Parcel
enum Size { SMALL LARGE }
input Search { text: String }
scalar Color
`;

describe('a coordinate', () => {
  const composition = compose([{ name: 'shop', url: 'http://shop.test', sdl: SHOP }]);
  const supergraph = 'errors' in composition ? '' : composition.supergraphSdl;

  it.each([
    ...['Product', 'Color', 'Product.name', 'Named.name', 'Query.product(size:)', 'Size.LARGE', 'Search.text'],
    ...['@badge', '@badge(text:)', 'Found.Parcel', 'Product.Named'],
  ])('is found in a supergraph: %s', (coordinate) => {
    expect(hasCoordinate(supergraph, coordinate)).toBe(true);
  });

  it.each([
    ...['Produkt', 'product', 'Product.nme', 'Query.product(sise:)', 'Product.name(size:)', 'Size.HUGE', 'Search.txt'],
    ...['badge', '@Product', '@badge(txt:)', 'Product(name:)', '@badge.text', 'Found.Size', 'Parcel.Named'],
    ...['', 'Query.product(id)', 'Query.product.id', ' Product', 'Product\n', '@', 'f'.repeat(64)],
  ])('is not found in it: %j', (coordinate) => {
    expect(hasCoordinate(supergraph, coordinate)).toBe(false);
  });

  it('is written as the specification says', () => {
    expect(['Query.product(size:)', '@badge(text:)', 'Found.Parcel'].filter(isCoordinate)).toHaveLength(3);
    expect(['Product\0', 'Query.product(size)', 'Product name', ''].filter(isCoordinate)).toEqual([]);
  });
});
