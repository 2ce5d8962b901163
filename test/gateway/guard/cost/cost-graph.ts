import { parse, validate } from 'graphql';
import type { CostConfig } from '../../../../gateway/cost-config.ts';
import { costConfig } from '../../../../gateway/cost-config.ts';
import { type CostRequest, createCost, type Weighing } from '../../../../gateway/guard/cost/cost.ts';
import { coerceVariables, selectOperation } from '../../../../gateway/operation/prepare.ts';
import { buildSupergraph, type Supergraph } from '../../../../gateway/supergraph/supergraph.ts';
import { createPlanners } from '../../../../planning/planners.ts';
import { PLANNING } from '../../../support/planning-options.ts';
import { composeOrThrow } from '../../../support/test-gateway.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@cost", "@listSize"])';

/** Everything that the specification has rules for, as a team would write it, without the `@link`. */
export const SHOP = `
  directive @approx(tolerance: Float! @cost(weight: -1)) on FIELD
  scalar Money @cost(weight: 2)
  enum Level @cost(weight: 3) { LOW HIGH }
  enum Approximate { ROUGH }
  input Filter { text: String approx: Approximate @cost(weight: -12) level: Level @cost(weight: 4) range: Range all: [Range!] }
  input Range { from: Int @cost(weight: 1) to: Int = 9 @cost(weight: 2) }

  type Query {
    hello: String
    shared: Int @shareable @cost(weight: 3)
    me: User
    users(max: Int): [User!] @listSize(slicingArguments: ["max"], requireOneSlicingArgument: false)
    topProducts(filter: Filter @cost(weight: 15)): [String] @cost(weight: 5) @listSize(assumedSize: 10)
    mostPopular(approx: Approximate @cost(weight: -3)): User @cost(weight: 5)
    guess(approx: Approximate @cost(weight: -30)): User @cost(weight: 5)
    search(filter: Filter): [User!] @listSize(assumedSize: 2)
    fuzzy(isFuzzy: Boolean = true @cost(weight: 6)): User
    bestsellers: [User!] @listSize(assumedSize: 5)
    everyone: [User!]
    page(first: Int = 5): [User!] @listSize(slicingArguments: ["first"])
    window(first: Int, limit: Int): [User!] @listSize(slicingArguments: ["first", "limit"], requireOneSlicingArgument: false)
    films(first: Int, last: Int): FilmConnection @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges"])
    matrix: [[User!]!] @listSize(assumedSize: 3)
    media: Media
    anything: Anything
  }
  type Mutation { rename(name: String!): User }

  type User @key(fields: "id") {
    id: ID!
    name: String
    age: Int @cost(weight: 2)
    friends(first: Int): [User!] @listSize(slicingArguments: ["first"], assumedSize: 4, requireOneSlicingArgument: false)
    address: Address
    balance: Money
    levels: [Level!]
  }
  type Address @cost(weight: 5) { zip: Int }
  interface Media { id: ID! title: String credits: [User!] @listSize(assumedSize: 3) }
  type Book implements Media @cost(weight: 2) { id: ID! title: String credits: [User!] pages: Int @cost(weight: 1) author: User }
  type Film implements Media @cost(weight: 7) { id: ID! title: String @cost(weight: 3) credits: [User!] minutes: Int @cost(weight: 6) }
  type Song implements Media { id: ID! title: String credits: [User!] }
  union Anything = Book | Film | User
  type FilmConnection { edges: [FilmEdge!] extras: [User!] total: Int }
  type FilmEdge { cursor: ID node: Film }`;

export const REVIEWS = `
  directive @approx(tolerance: Float!) on FIELD
  type Query { shared: Int @shareable @cost(weight: 8) }
  type User @key(fields: "id") {
    id: ID!
    reviews(first: Int = 4): [Review!] @listSize(slicingArguments: ["first"])
  }
  type Review @cost(weight: 3) { id: ID! text: String @cost(weight: 2) writer: User }`;

/** A supergraph that is weighed, and what closes it. */
export interface CostGraph {
  readonly supergraph: Supergraph;
  /** What is asked of `Cost.weigh`, for a query that is valid. */
  request(query: string, variables?: Record<string, unknown>): CostRequest;
  /** Weighs it in the mode `enforce`, if nothing else is said. */
  weigh(query: string, variables?: Record<string, unknown>, config?: Partial<CostConfig>): Weighing;
  close(): Promise<void>;
}

export async function startCostGraph(): Promise<CostGraph> {
  const planners = createPlanners(PLANNING);
  const sdl = composeOrThrow([
    { name: 'shop', url: 'http://127.0.0.1:1', sdl: LINK + SHOP },
    { name: 'reviews', url: 'http://127.0.0.1:2', sdl: LINK + REVIEWS },
  ]);
  const supergraph = await buildSupergraph(sdl, {
    origin: 'test',
    createPlanner: planners.create,
    enforced: new Set(),
  });

  const request: CostGraph['request'] = (query, variables = {}) => {
    const document = parse(query);
    const wrong = validate(supergraph.apiSchema, document);
    if (wrong.length > 0) throw new TypeError(wrong.map(({ message }) => message).join('\n'));
    const operations = document.definitions.filter((node) => node.kind === 'OperationDefinition');
    const fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
      ),
    );
    const operation = selectOperation({ text: query, hash: '', document, operations, fragments }, undefined);
    const coercedVariables = coerceVariables(supergraph, operation, variables);
    return { supergraph, operation, fragments, coercedVariables, headers: {} };
  };
  return {
    supergraph,
    request,
    weigh: (query, variables, config) => {
      const cost = createCost({ config: { ...costConfig.parse({ mode: 'enforce' }), ...config } });
      if (cost === undefined) throw new TypeError('it is off');
      const weighing = cost.weigh(request(query, variables));
      if (weighing instanceof Promise) throw new TypeError('it is so large that it is weighed in turns');
      return weighing;
    },
    close: planners.close,
  };
}
