import { describe, expect, it } from '@jest/globals';
import { findUnknown, readTagRules } from '../../../gateway/cache/tag-rules.ts';
import { buildPlanner } from '../../../planning/planner.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@cacheTag"])`;

const { cacheRules, schema } = buildPlanner(
  composeOrThrow([
    {
      name: 'a',
      url: 'http://a',
      sdl: `${LINK}
        type Query {
          product(id: ID!, in: In): Product
            @cacheTag(format: "product-{$args.id}") @cacheTag(format: "in-{$args.in.x}") @cacheTag(format: "x-{$args.nope}")
            @cacheTag(format: "x-{$key.id}") @cacheTag(format: "x-{id}")
        }
        input In { x: Int }
        type Product @key(fields: "id") @key(fields: "sku org { id }")
          @cacheTag(format: "product-{$key.id}") @cacheTag(format: "x-{$key.name}") @cacheTag(format: "x-{$args.id}") @cacheTag(format: "") {
          id: ID! sku: ID! org: Org name: String @cacheTag(format: "x")
        }
        type Org { id: ID! }
      `,
    },
    { name: 'b', url: 'http://b', sdl: `${LINK} type Product @key(fields: "id") { id: ID! stock: Int }` },
  ]),
);
const rules = readTagRules(cacheRules, schema);

describe('the rules of a graph', () => {
  it('are the formats that mean something, and a warning with the place of each other', () => {
    const { rootFormats, typeFormats } = rules.ofSubgraph.get('a') ?? {};
    expect(rootFormats?.get('product')?.map(({ text }) => text)).toEqual(['product-{$args.id}', 'in-{$args.in.x}']);
    expect(typeFormats?.get('Product')?.map(({ text }) => text)).toEqual(['product-{$key.id}']);
    expect(rules.warnings).toEqual([
      '@cacheTag(format: "x-{$args.nope}") on Query.product in subgraph "a" gives no tag: it has {$args.nope}, and the field has no argument "nope"',
      '@cacheTag(format: "x-{$key.id}") on Query.product in subgraph "a" gives no tag: it has a {$key…}, which is for types',
      '@cacheTag(format: "x-{id}") on Query.product in subgraph "a" gives no tag: it has {id}, which is neither {$args.NAME} nor {$key.FIELD}',
      '@cacheTag(format: "x-{$key.name}") on Product in subgraph "a" gives no tag: it has {$key.name}, which is in no key of the type',
      '@cacheTag(format: "x-{$args.id}") on Product in subgraph "a" gives no tag: it has an {$args…}, which is for fields of Query',
      '@cacheTag(format: "") on Product in subgraph "a" gives no tag: it is empty',
      '@cacheTag on Product.name in subgraph "a" gives no tag: it is for fields of Query and for types',
    ]);
  });

  it('have each key of an entity once, whichever subgraphs have it', () => {
    expect(rules.keys.get('Product')).toEqual([
      { shape: 'id', paths: [['id']] },
      { shape: 'org.id,sku', paths: [['org', 'id'], ['sku']] },
    ]);
  });
});

describe('an invalidation', () => {
  it.each([
    { kind: 'tag', tag: 'anything' } as const,
    { kind: 'subgraph', subgraph: 'b' } as const,
    { kind: 'type', type: 'Org' } as const,
    { kind: 'entity', type: 'Product', key: { sku: '1', org: { id: 2 } } } as const,
  ])('that voids something is known: %j', (invalidation) => {
    expect(findUnknown(invalidation, rules, schema)).toBeUndefined();
  });

  it.each([
    [{ kind: 'subgraph', subgraph: 'c' } as const, 'there is no subgraph "c"; there are a, b'],
    [{ kind: 'type', subgraph: 'c', type: 'Product' } as const, 'there is no subgraph "c"; there are a, b'],
    [{ kind: 'type', type: 'Prodcut' } as const, 'there is no type "Prodcut"'],
    [{ kind: 'entity', type: 'Org', key: { id: '1' } } as const, 'Org is no entity: it has no key'],
    [
      { kind: 'entity', type: 'Product', key: { sku: '1', org: '2' } } as const,
      'Product has no key of org and sku; its keys are id | org.id,sku',
    ],
  ])('that voids nothing is told why: %j', (invalidation, reason) => {
    expect(findUnknown(invalidation, rules, schema)).toBe(reason);
  });
});
