import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { type CacheRules, collectCacheRules } from '../../planning/cache-rules.ts';
import { createPlanner } from '../../planning/threaded-planner.ts';
import { PLANNING } from '../support/planning-options.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@shareable", "@interfaceObject", { name: "@cacheTag", as: "@tagged" }
])`;

const SUPERGRAPH = composeOrThrow([
  {
    name: 'a',
    url: 'http://a',
    sdl: `${LINK}
      schema { query: Root mutation: Change }
      type Root {
        product(id: ID!): Product @tagged(format: "product-{$args.id}") @tagged(format: "products")
        found: Found
      }
      type Change { rename: String @tagged(format: "x") }
      type Product @key(fields: "sku org { id }") @key(fields: "id") @tagged(format: "product-{$key.id}") {
        id: ID! sku: String! org: Org! name: String @tagged(format: "x")
      }
      type Org @shareable { id: ID! }
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }
      union Found = Book | Product
    `,
  },
  {
    name: 'b-2',
    url: 'http://b',
    sdl: `${LINK}
      type Query { top: [Product] @tagged(format: "top") }
      type Product @key(fields: "id", resolvable: false) { id: ID! }
      type Media @interfaceObject @key(fields: "id") @tagged(format: "media-{$key.id}") { id: ID! stars: Int }
    `,
  },
]);

const EXPECTED: CacheRules = new Map([
  [
    'a',
    {
      types: new Set(['Book', 'Found', 'Media', 'Mutation', 'Org', 'Product', 'Query']),
      interfaceObjects: new Set<string>(),
      keys: new Map([
        ['Book', [['id']]],
        ['Media', [['id']]],
        ['Product', [['org.id', 'sku'], ['id']]],
      ]),
      rootFormats: new Map([['product', ['product-{$args.id}', 'products']]]),
      typeFormats: new Map([['Product', ['product-{$key.id}']]]),
      misplaced: ['Mutation.rename', 'Product.name'],
    },
  ],
  [
    'b-2',
    {
      types: new Set(['Media', 'Product', 'Query']),
      interfaceObjects: new Set(['Media']),
      keys: new Map([
        ['Media', [['id']]],
        ['Product', [['id']]],
      ]),
      rootFormats: new Map([['top', ['top']]]),
      typeFormats: new Map([['Media', ['media-{$key.id}']]]),
      misplaced: [],
    },
  ],
]);

describe('what a supergraph says to those who keep answers', () => {
  it('is what each subgraph says of its types, keys and tags, by whatever name it imports @cacheTag', () => {
    expect(collectCacheRules(parse(SUPERGRAPH))).toEqual(EXPECTED);
  });

  it('is told by the thread that reads the supergraph', async () => {
    const planner = await createPlanner(SUPERGRAPH, PLANNING);
    expect(planner.cacheRules).toEqual(EXPECTED);
    await planner.close();
  });

  it('is not taken from other directives, or from one that is written otherwise than composition writes it', () => {
    const rules = collectCacheRules(
      parse(`
        enum join__Graph { A @join__graph(name: "a", url: "") }
        type Query @join__type(graph: A) @join__type(graph: NONE, key: "id") {
          a: Int @join__directive(graphs: [A], name: "other", args: { format: "x" })
          b: Int @join__directive(graphs: [A, NONE], name: "federation__cacheTag", args: { format: 5 })
          c: Int @join__directive(graphs: [NONE], name: "federation__cacheTag", args: { format: "x" })
          d: Int @join__directive(name: "federation__cacheTag")
        }
      `),
    );
    expect([...rules.keys()]).toEqual(['a']);
    expect(rules.get('a')).toMatchObject({ rootFormats: new Map(), typeFormats: new Map(), keys: new Map() });
  });
});
