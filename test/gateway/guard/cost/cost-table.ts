/**
 * Operations with what they cost, computed by hand: `fields` is what running the resolvers costs (IBM GraphQL Cost Directives, 5.3.2.2),
 * `types` what comes back does (5.3.2.1), the root type included. A list of which nothing is said has 10 items. See `cost-graph.ts`.
 */
export interface CostRow {
  /** Its section in the specification, or whose rule it is, and what it says. */
  readonly rule: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly fields: number;
  readonly types: number;
}

export const COST_TABLE: readonly CostRow[] = [
  { rule: '7.1: fields of scalars weigh 0, and the root type 1', query: '{ hello }', fields: 0, types: 1 },
  { rule: '7.1: fields of objects weigh 1, and objects 1', query: '{ me { name } }', fields: 1, types: 1 + 1 },
  {
    rule: '7.1: the weight of a type is added for each of its objects',
    query: '{ me { address { zip } } }',
    fields: 1 + 1,
    types: 1 + 1 + 5,
  },
  {
    rule: '3, example 2: a weighted field counts once for each object',
    query: '{ users(max: 5) { age } }',
    fields: 1 + 5 * 2,
    types: 1 + 5,
  },
  {
    rule: '8.2: a slicing argument given by a variable',
    query: 'query ($max: Int) { users(max: $max) { age } }',
    variables: { max: 3 },
    fields: 1 + 3 * 2,
    types: 1 + 3,
  },
  {
    rule: '8.2: a slicing argument given by the default of a variable',
    query: 'query ($max: Int = 7) { users(max: $max) { age } }',
    fields: 1 + 7 * 2,
    types: 1 + 7,
  },
  {
    rule: '8: no slicing argument, no assumed size: the size of which nothing is said',
    query: 'query ($max: Int) { users(max: $max) { age } }',
    fields: 1 + 10 * 2,
    types: 1 + 10,
  },
  { rule: '8.2: a slicing argument of 0', query: '{ users(max: 0) { age } }', fields: 1, types: 1 },
  { rule: '8.2: no list has fewer than 0 items', query: '{ users(max: -5) { age } }', fields: 1, types: 1 },
  {
    rule: '5.3.2.2, example 10: the weight of a field, once for its list',
    query: '{ topProducts }',
    fields: 5,
    types: 1,
  },
  {
    rule: '5.3.2.2, example 10: the weight of an argument is added',
    query: '{ topProducts(filter: { text: "x" }) }',
    fields: 5 + 15,
    types: 1,
  },
  {
    rule: '5.3.2.2, example 12: a negative input field takes from its argument',
    query: '{ topProducts(filter: { approx: ROUGH }) }',
    fields: 5 + 15 - 12,
    types: 1,
  },
  {
    rule: '5.3.2.2, example 11: a negative argument takes from its field',
    query: '{ mostPopular(approx: ROUGH) { name } }',
    fields: 5 - 3,
    types: 1 + 1,
  },
  {
    rule: '5.3.2.2: a field that would be negative costs 0',
    query: '{ guess(approx: ROUGH) { address { zip } } }',
    fields: 0 + 1,
    types: 1 + 1 + 5,
  },
  {
    rule: '5.3.2.2, example 13: the argument of a directive takes from its field',
    query: '{ me { age @approx(tolerance: 0.1) } }',
    fields: 1 + (2 - 1),
    types: 1 + 1,
  },
  {
    rule: '7.1: arguments of input objects weigh 1',
    query: '{ search(filter: { text: "x" }) { name } }',
    fields: 1 + 1,
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: the weights of input fields are added to their argument',
    query: '{ search(filter: { level: HIGH }) { name } }',
    fields: 1 + (1 + 4),
    types: 1 + 2,
  },
  {
    rule: '7.1: input fields of input objects weigh 1; 8.2: what is there by default counts as given',
    query: '{ search(filter: { range: { from: 1 } }) { name } }',
    fields: 1 + (1 + (1 + 1 + 2)),
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: input fields are used once in each item of a list',
    query: '{ search(filter: { all: [{ from: 1, to: 2 }, { from: 2, to: 3 }] }) { name } }',
    fields: 1 + (1 + (1 + 2 * (1 + 2))),
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: the same by a variable',
    query: 'query ($filter: Filter) { search(filter: $filter) { name } }',
    variables: { filter: { all: [{ from: 1 }, { from: 2, to: 3 }], level: 'LOW' } },
    fields: 1 + (1 + 4 + (1 + 2 * (1 + 2))),
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: a variable inside an input object',
    query: 'query ($level: Level, $range: Range) { search(filter: { level: $level, range: $range }) { name } }',
    variables: { level: 'HIGH', range: { from: 1, to: 2 } },
    fields: 1 + (1 + 4 + (1 + 1 + 2)),
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: an input field that is given as null is not used',
    query: 'query ($level: Level) { search(filter: { level: $level, range: null }) { name } }',
    variables: { level: null },
    fields: 1 + 1,
    types: 1 + 2,
  },
  {
    rule: '5.3.2.2: an argument that is not given, or is null, is not used',
    query: '{ search { name } none: search(filter: null) { name } }',
    fields: 1 + 1,
    types: 1 + 2 + 2,
  },
  {
    rule: '8.2: an argument with a default counts as given',
    query: '{ fuzzy { name } other: fuzzy(isFuzzy: null) { name } }',
    fields: 1 + 6 + 1,
    types: 1 + 1 + 1,
  },
  { rule: '8.1: an assumed size', query: '{ bestsellers { age } }', fields: 1 + 5 * 2, types: 1 + 5 },
  { rule: '8: a list of which nothing is said', query: '{ everyone { age } }', fields: 1 + 10 * 2, types: 1 + 10 },
  {
    rule: '8.2: a slicing argument that is there by default',
    query: '{ page { age } }',
    fields: 1 + 5 * 2,
    types: 1 + 5,
  },
  {
    rule: '8.2: of several slicing arguments the largest',
    query: '{ window(first: 2, limit: 7) { age } }',
    fields: 1 + 7 * 2,
    types: 1 + 7,
  },
  {
    rule: '9.2.4: a slicing argument before an assumed size',
    query: '{ me { friends(first: 2) { age } } }',
    fields: 1 + 1 + 2 * 2,
    types: 1 + 1 + 2,
  },
  {
    rule: '9.2.4: the assumed size where there is no slicing argument',
    query: '{ me { friends { age } } }',
    fields: 1 + 1 + 4 * 2,
    types: 1 + 1 + 4,
  },
  {
    rule: '8.1: lists inside lists multiply',
    query: '{ bestsellers { friends(first: 3) { friends { age } } } }',
    fields: 1 + 5 * (1 + 3 * (1 + 4 * 2)),
    types: 1 + 5 * (1 + 3 * (1 + 4)),
  },
  {
    rule: '8.3: a sized field has the size that its parent is given',
    query: '{ films(first: 3) { total edges { cursor node { id } } } }',
    fields: 1 + (1 + 3 * 1),
    types: 1 + 1 + 3 * (1 + 7),
  },
  {
    rule: '8.3: other lists beside it have not',
    query:
      'query ($n: Int) { films(last: $n) { ...F } } fragment F on FilmConnection { edges { cursor } extras { id } }',
    variables: { n: 2 },
    fields: 1 + (1 + 1),
    types: 1 + 1 + 2 * 1 + 10 * 1,
  },
  {
    rule: '8.1, and ours: a list in a list is one of which nothing is said',
    query: '{ matrix { age } }',
    fields: 1 + 3 * 10 * 2,
    types: 1 + 3 * 10,
  },
  {
    rule: '7.2: an interface weighs what the heaviest of its types does',
    query: '{ media { id } }',
    fields: 1,
    types: 1 + 7,
  },
  {
    rule: '9.1.1: a field of an interface weighs what the heaviest of its types says',
    query: '{ media { title } }',
    fields: 1 + 3,
    types: 1 + 7,
  },
  {
    rule: '7.2: of what is asked for different types the most costly counts, for each of the two costs',
    query: '{ media { ... on Book { pages author { address { zip } } } ... on Film { minutes } } }',
    fields: 1 + Math.max(1 + 1 + 1, 6, 0),
    types: 1 + Math.max(2 + 1 + 5, 7, 1),
  },
  {
    rule: '7.2: a union',
    query: '{ anything { ... on User { friends { id } } ... on Media { title } } }',
    fields: 1 + Math.max(1, 3),
    types: 1 + Math.max(1 + 4, 7),
  },
  {
    rule: '8.5: what an interface says of a list holds for its types',
    query: '{ media { credits { age } } }',
    fields: 1 + (1 + 3 * 2),
    types: 1 + 7 + 3,
  },
  { rule: '5.3.2.1: scalars count by their type', query: '{ me { balance } }', fields: 1, types: 1 + 1 + 2 },
  { rule: '5.3.2.1: so do enums, in lists', query: '{ me { levels } }', fields: 1, types: 1 + 1 + 10 * 3 },
  {
    rule: '5.3.1.3: a resolver runs once for a field that is asked for twice',
    query: '{ me { name address { zip } } ...F } fragment F on Query { me { age address { zip } } }',
    fields: 1 + 1 + 2,
    types: 1 + 1 + 5,
  },
  {
    rule: '5.3.1.3: and once for each alias',
    query: '{ a: me { age } b: me { age } }',
    fields: 2 * (1 + 2),
    types: 1 + 1 + 1,
  },
  {
    rule: '5.3.1.3: what is left out does not run',
    query: '{ me @skip(if: true) { age } ... @include(if: false) { everyone { age } } hello }',
    fields: 0,
    types: 1,
  },
  {
    rule: '5.3.1.3: nor what a variable leaves out',
    query: 'query ($yes: Boolean!) { me @include(if: $yes) { age } everyone @skip(if: $yes) { age } }',
    variables: { yes: true },
    fields: 1 + 2,
    types: 1 + 1,
  },
  {
    rule: '5.3.1.3: a field runs when any of its places is left in',
    query: 'query ($a: Boolean!, $b: Boolean!) { me @include(if: $a) { age } me @include(if: $b) { address { zip } } }',
    variables: { a: false, b: true },
    fields: 1 + 1,
    types: 1 + 1 + 5,
  },
  {
    rule: "Apollo's: a mutation weighs 10",
    query: 'mutation { rename(name: "x") { age } }',
    fields: 1 + 2,
    types: 10 + 1,
  },
  {
    rule: "Apollo's composition: of the weights that subgraphs say, the largest",
    query: '{ shared }',
    fields: 8,
    types: 1,
  },
  {
    rule: 'ours: introspection costs nothing',
    query: '{ __typename __schema { types { name fields { name } } } }',
    fields: 0,
    types: 1,
  },
];
