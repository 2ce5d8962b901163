/** A hostile request, and what is to be said of it. */
export interface Attack {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly limit: string;
  /** `undefined` where counting stops at the bound. */
  readonly value?: number;
  readonly bound: number;
}

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const nested = (depth: number, open: string, close: string, inside = '') =>
  open.repeat(depth) + inside + close.repeat(depth);
const deepValue = (depth: number): unknown => (depth === 0 ? 1 : [deepValue(depth - 1)]);

/** On the schema of `hostile-graph.ts`, though none of them gets as far as to be held against it. */
export const ATTACKS: readonly Attack[] = [
  { name: 'tokens', query: `{ ${'easy0 '.repeat(20_000)} }`, limit: 'maxTokens', bound: 15_000 },
  {
    name: 'tokens of directives',
    query: `{ easy0 ${'@a'.repeat(10_000)} }`,
    limit: 'maxTokens',
    bound: 15_000,
  },
  { name: 'depth', query: `{ t ${nested(150, '{ next ', '}', '{ id }')} }`, limit: 'maxDepth', value: 152, bound: 100 },
  {
    name: 'depth by inline fragments',
    query: `{ ${nested(101, '... { ', '}', 'easy0')} }`,
    limit: 'maxDepth',
    value: 102,
    bound: 100,
  },
  {
    name: 'a depth that no parser survives',
    // As deep as it can be with fewer tokens than there may be.
    query: `{ t ${nested(4_900, '{ next ', '}')} }`,
    limit: 'maxDepth',
    value: 4_901,
    bound: 100,
  },
  { name: 'width', query: `{ t { ${'id '.repeat(6_000)} } }`, limit: 'maxFields', value: 6_001, bound: 5_000 },
  { name: 'root fields', query: `{ ${'easy0 '.repeat(101)} }`, limit: 'maxRootFields', value: 101, bound: 100 },
  {
    name: 'root fields in fragments',
    query: `{ ...A ...A ...A } fragment A on Query { ${'easy0 '.repeat(40)} }`,
    limit: 'maxRootFields',
    value: 120,
    bound: 100,
  },
  {
    name: 'one mutation many times',
    query: `mutation { ${times(1_000, (n) => `m${n}: login`)} }`,
    limit: 'maxRootFields',
    value: 1_000,
    bound: 100,
  },
  {
    name: 'aliases',
    query: `{ t { ${times(501, (n) => `a${n}: id`)} } }`,
    limit: 'maxAliases',
    value: 501,
    bound: 500,
  },
  {
    name: 'aliases in fragments',
    query: `{ t { ${times(60, (n) => `next { ...A } b${n}: id`)} } } fragment A on T { ${times(10, (n) => `a${n}: id`)} }`,
    limit: 'maxAliases',
    value: 660,
    bound: 500,
  },
  {
    name: 'directives on one field',
    query: `{ easy0 ${'@include(if: true) '.repeat(600)} }`,
    limit: 'maxDirectives',
    value: 600,
    bound: 500,
  },
  {
    name: 'unknown directives',
    query: `query ${'@a '.repeat(501)} { easy0 }`,
    limit: 'maxDirectives',
    value: 501,
    bound: 500,
  },
  {
    name: 'directives on many',
    query: `{ t { ${'... @include(if: true) { id @skip(if: false) } '.repeat(251)} } }`,
    limit: 'maxDirectives',
    value: 502,
    bound: 500,
  },
  {
    name: 'a fragment bomb',
    query: `{ t { ...F0 } } ${times(8, (n) => `fragment F${n} on T { next { ...F${n + 1} } ...F${n + 1} ...F${n + 1} }`)} fragment F8 on T { id }`,
    limit: 'maxFields',
    value: 9_842,
    bound: 5_000,
  },
  {
    name: 'a bomb of fragments that only spread one another',
    query: `{ t { ...F0 } } ${times(30, (n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on T { id }`,
    limit: 'maxFields',
    value: 1 + 2 ** 30,
    bound: 5_000,
  },
  {
    name: 'introspection',
    query: `{ ${times(11, (n) => `s${n}: __schema { types { name } }`)} }`,
    limit: 'maxIntrospections',
    value: 11,
    bound: 10,
  },
  {
    name: 'a long list',
    query: `{ easy0(list: [${'1 '.repeat(6_000)}]) }`,
    limit: 'maxListSize',
    value: 6_000,
    bound: 5_000,
  },
  {
    name: 'a long list by default',
    query: `query ($list: [Int] = [${'1 '.repeat(6_000)}]) { easy0(list: $list) }`,
    limit: 'maxListSize',
    value: 6_000,
    bound: 5_000,
  },
  {
    name: 'a deep list',
    query: `{ easy0(list: ${nested(51, '[', ']')}) }`,
    limit: 'maxInputDepth',
    value: 51,
    bound: 50,
  },
  {
    name: 'a deep input object',
    query: `{ easy0 @include(if: ${nested(51, '{ a: ', ' }', '1')}) }`,
    limit: 'maxInputDepth',
    value: 51,
    bound: 50,
  },
  {
    name: 'a long list in a variable',
    query: 'query ($list: [Int]) { easy0 }',
    variables: { list: Array(5_001).fill(1) },
    limit: 'maxListSize',
    value: 5_001,
    bound: 5_000,
  },
  {
    name: 'a long list in a variable that is not declared',
    query: '{ easy0 }',
    variables: { more: [{ list: Array(5_001).fill(1) }] },
    limit: 'maxListSize',
    value: 5_001,
    bound: 5_000,
  },
  {
    name: 'a deep variable',
    query: 'query ($list: [Int]) { easy0 }',
    variables: { list: deepValue(3_000) },
    limit: 'maxInputDepth',
    bound: 50,
  },
  {
    name: 'many values in a variable',
    query: 'query ($list: [Int]) { easy0 }',
    variables: { list: Array.from({ length: 30 }, () => Array(1_000).fill(1)) },
    limit: 'maxVariableValues',
    bound: 20_000,
  },
  {
    name: 'many variables',
    query: '{ easy0 }',
    variables: Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`v${index}`, 1])),
    limit: 'maxVariableValues',
    bound: 20_000,
  },
];
