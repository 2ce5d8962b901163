import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compose } from '../../../composition/compose.ts';
import { ENFORCED_DIRECTIVES } from '../../../gateway/guard/enforced-directives.ts';
import { buildSupergraph } from '../../../gateway/supergraph/supergraph.ts';
import { createPlanners, type Planners } from '../../../planning/planners.ts';
import { withoutSecurity } from '../../support/older-composer.ts';
import { PLANNING } from '../../support/planning-options.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

/** A field tells of those that it is computed from: it has to demand what they do. */

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@external", "@requires", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy"
])`;

/** @param directives of the field that requires */
const requiring = (directives: string) => [
  {
    name: 'catalog',
    url: 'http://127.0.0.1:1',
    sdl: `${LINK}
      type Query { product: Product }
      interface Part { size: Int }
      type Box implements Part @authenticated { size: Int }
      type Bag implements Part { size: Int @policy(policies: [["p"]]) }
      type Product @key(fields: "id") { id: ID! weight: Int @requiresScopes(scopes: [["w"], ["v"]]) part: Part }`,
  },
  {
    name: 'shipping',
    url: 'http://127.0.0.1:2',
    sdl: `${LINK}
      interface Part { size: Int }
      type Box implements Part { size: Int @external }
      type Bag implements Part { size: Int @external }
      type Product @key(fields: "id") {
        id: ID! weight: Int @external part: Part @external
        costs: Int @requires(fields: "weight part { ... on Bag { size } ... on Box { size } }") ${directives}
      }`,
  },
];

/** @param directives of the field with a context */
const contextual = (directives: string) => [
  {
    name: 'one',
    url: 'http://127.0.0.1:1',
    sdl: `${LINK}
      type Query { user: User }
      type User @key(fields: "id") @context(name: "user") @authenticated {
        id: ID! secret: String @requiresScopes(scopes: [["s"]]) order: Order
      }
      type Order @key(fields: "id") {
        id: ID!
        hint(secret: String @fromContext(field: "$user { secret }")): String ${directives}
      }`,
  },
  { name: 'two', url: 'http://127.0.0.1:2', sdl: `${LINK} type Order @key(fields: "id") { id: ID! }` },
];

const REQUIRING = '@authenticated @requiresScopes(scopes: [["w", "x"], ["v"]]) @policy(policies: [["p"]])';
const CONTEXTUAL = '@authenticated @requiresScopes(scopes: [["s"]])';

describe('composition', () => {
  it.each([
    '',
    '@requiresScopes(scopes: [["w"]]) @policy(policies: [["p"]])',
    '@authenticated @policy(policies: [["p"]])',
    '@authenticated @requiresScopes(scopes: [["w"], ["x"]]) @policy(policies: [["p"]])',
    '@authenticated @requiresScopes(scopes: [["w"]])',
  ])('takes no field with @requires that demands less than what it requires: "%s"', (directives) => {
    expect(codesOf(requiring(directives))).toEqual(['MISSING_TRANSITIVE_AUTH_REQUIREMENTS']);
  });

  it.each(['', '@authenticated', '@requiresScopes(scopes: [["s"]])'])(
    'takes no field with @fromContext that demands less than the context: "%s"',
    (directives) => {
      expect(codesOf(contextual(directives))).toEqual(['MISSING_TRANSITIVE_AUTH_REQUIREMENTS']);
    },
  );

  it('takes what demands as much, or more', () => {
    expect(codesOf(requiring(REQUIRING))).toEqual([]);
    expect(codesOf(contextual(CONTEXTUAL))).toEqual([]);
  });
});

describe('a ready supergraph', () => {
  let planners: Planners;
  beforeAll(() => {
    planners = createPlanners(PLANNING);
  });
  afterAll(() => planners.close());

  const build = async (sdl: string) => {
    const { planner } = await buildSupergraph(sdl, {
      origin: 'test',
      createPlanner: planners.create,
      enforced: ENFORCED_DIRECTIVES,
    });
    await planner.close();
  };

  it('is served as composition makes it', async () => {
    await build(composeOrThrow(requiring(REQUIRING)));
    await build(composeOrThrow(contextual(CONTEXTUAL)));
  });

  it.each([
    ['requiresScopes', 'Product.costs needs Product.weight. '],
    ['authenticated', 'Product.costs needs Part, Product.costs needs Box. '],
    ['policy', 'Product.costs needs Bag.size. '],
  ])('is refused when a field does without the @%s of what it requires', async (directive, told) => {
    const sdl = withoutSecurity(composeOrThrow(requiring(REQUIRING)), ['Product.costs'], [directive]);
    await expect(build(sdl)).rejects.toThrow(`so that they would tell of these: ${told}`);
  });

  it('is refused when its composer did not make the interface demand it, either', async () => {
    const composed = composeOrThrow(requiring(REQUIRING));
    const sdl = withoutSecurity(withoutSecurity(composed, ['Part']), ['Product.costs'], ['authenticated']);
    await expect(build(sdl)).rejects.toThrow('Product.costs needs Part, Product.costs needs Box. ');
  });

  it('is refused when a field does without what guards its context', async () => {
    const sdl = withoutSecurity(composeOrThrow(contextual(CONTEXTUAL)), ['Order.hint']);
    await expect(build(sdl)).rejects.toThrow('Order.hint needs User, Order.hint needs User.secret. ');
  });
});

function codesOf(subgraphs: Parameters<typeof compose>[0]): readonly unknown[] {
  const composition = compose(subgraphs);
  return 'errors' in composition ? [...new Set(composition.errors.map(({ code }) => code))] : [];
}
