/** A change, an operation that it hits, and one that it does not. */
export interface JudgeCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly hit: readonly string[];
  readonly spared: readonly string[];
}

const ENUM = 'enum E { P Q }';
const enumCase = (fields: string, more = '') => `type Query { ${fields} other: Int } ${more}`;

/** One for each way in which somebody can be hit. */
export const CASES: readonly JudgeCase[] = [
  {
    name: 'a field removed hits who asks for it',
    before: 'type Query { a: Int b: Int }',
    after: 'type Query { b: Int }',
    hit: ['{ a }', 'query Q { b x: a }'],
    spared: ['{ b }'],
  },
  {
    name: 'a field of another type hits who asks for it',
    before: 'type Query { a: Int b: Int }',
    after: 'type Query { a: String b: Int }',
    hit: ['{ a }'],
    spared: ['{ b }'],
  },
  {
    name: 'a field removed from an interface hits who asks the interface, not who asks its types',
    before: 'type Query { n: N a: A } interface N { x: Int y: Int } type A implements N { x: Int y: Int }',
    after: 'type Query { n: N a: A } interface N { y: Int } type A implements N { x: Int y: Int }',
    hit: ['{ n { x } }'],
    spared: ['{ a { x } }', '{ n { ... on A { x } } }'],
  },
  {
    name: 'an argument removed hits who gives it',
    before: 'type Query { a(x: Int, y: Int): Int }',
    after: 'type Query { a(y: Int): Int }',
    hit: ['{ a(x: 1) }', 'query ($x: Int) { a(x: $x) }'],
    spared: ['{ a }', '{ a(y: 1) }'],
  },
  {
    name: 'an argument of another type hits who gives it',
    before: 'type Query { a(x: Int): Int }',
    after: 'type Query { a(x: String): Int }',
    hit: ['{ a(x: 1) }'],
    spared: ['{ a }'],
  },
  {
    name: 'a required argument hits who asks for the field',
    before: 'type Query { a: Int b: Int }',
    after: 'type Query { a(x: Int!): Int b: Int }',
    hit: ['{ a }'],
    spared: ['{ b }'],
  },
  {
    name: 'an argument that must be given now hits who asks for the field',
    before: 'type Query { a(x: Int): Int b: Int }',
    after: 'type Query { a(x: Int!): Int b: Int }',
    hit: ['{ a }', 'query ($x: Int) { a(x: $x) }'],
    spared: ['{ b }'],
  },
  {
    name: 'a field removed from an input hits who gives it',
    before: 'type Query { a(i: I, j: J, k: K): Int } input I { x: Int y: Int } input J { i: [I!] } input K { y: Int }',
    after: 'type Query { a(i: I, j: J, k: K): Int } input I { y: Int } input J { i: [I!] } input K { y: Int }',
    hit: ['{ a(i: { x: 1 }) }', '{ a(j: { i: [{ x: 1 }] }) }', 'query ($i: I = { x: 1 }) { a(i: $i) }'],
    spared: ['{ a(i: { y: 1 }) }', 'query ($i: I!) { a(i: $i) }', 'query ($y: Int) { a(i: { y: $y }) }'],
  },
  {
    name: 'a required field of an input hits who uses the input at all',
    before: 'type Query { a(i: I): Int b: Int } input I { y: Int }',
    after: 'type Query { a(i: I): Int b: Int } input I { y: Int x: Int! }',
    hit: ['{ a(i: { y: 1 }) }', '{ a(i: {}) }', 'query ($i: I) { a(i: $i) }'],
    spared: ['{ b }', '{ a }'],
  },
  {
    name: 'a field of an input that must be given now hits who uses the input at all',
    before: 'type Query { a(i: I): Int } input I { y: Int x: Int }',
    after: 'type Query { a(i: I): Int } input I { y: Int x: Int! }',
    hit: ['{ a(i: { y: 1 }) }'],
    spared: ['{ a }'],
  },
  {
    name: 'a field of an input of another type hits who writes it',
    before: 'type Query { a(i: I): Int } input I { y: Int x: Int }',
    after: 'type Query { a(i: I): Int } input I { y: Int x: String }',
    hit: ['{ a(i: { x: 1 }) }'],
    spared: ['{ a(i: { y: 1 }) }'],
  },
  {
    name: 'an input that takes one field only hits who uses it',
    before: 'type Query { a(i: I): Int } input I { y: Int x: Int }',
    after: 'type Query { a(i: I): Int } input I @oneOf { y: Int x: Int }',
    hit: ['{ a(i: { x: 1, y: 2 }) }', 'query ($i: I) { a(i: $i) }'],
    spared: ['{ a }'],
  },
  {
    name: 'a value removed from an enum hits who gives it, and nobody who may be answered it',
    before: enumCase('a(e: E): Int b(i: I): Int c: E', `${ENUM} input I { e: E }`),
    after: enumCase('a(e: E): Int b(i: I): Int c: E', 'enum E { P } input I { e: E }'),
    hit: ['{ a(e: Q) }', 'query ($e: E = Q) { a(e: $e) }', '{ b(i: { e: Q }) }'],
    spared: ['{ a(e: P) }', '{ c }', '{ other }', 'query ($e: E) { a(e: $e) }'],
  },
  {
    name: 'a type removed hits who asks for its fields or spreads on it',
    before:
      'type Query { a: A n: N } interface N { x: Int } type A implements N { x: Int } type B implements N { x: Int }',
    after: 'type Query { n: N } interface N { x: Int } type B implements N { x: Int }',
    hit: ['{ a { x } }', '{ n { ... on A { __typename } } }'],
    spared: ['{ n { x } }', '{ n { ... on B { x } } }'],
  },
  {
    name: 'an enum removed hits who has a variable of it',
    before: enumCase('a(e: E): Int', ENUM),
    after: enumCase('a: Int'),
    hit: ['query ($e: E) { a(e: $e) }', '{ a(e: P) }'],
    spared: ['{ a }'],
  },
  {
    name: 'a type of another kind hits who asks for it',
    before: 'type Query { a: A b: Int } type A { x: Int }',
    after: 'type Query { a: A b: Int } union A = B type B { x: Int }',
    hit: ['{ a { x } }', '{ a { __typename } }'],
    spared: ['{ b }'],
  },
  {
    name: 'a member removed from a union hits who spreads on it there',
    before: 'type Query { u: U v: V } union U = A | B union V = A type A { x: Int } type B { x: Int }',
    after: 'type Query { u: U v: V } union U = B union V = A type A { x: Int } type B { x: Int }',
    hit: ['{ u { ... on A { x } } }', 'query { u { ...F } } fragment F on A { x }'],
    spared: ['{ u { ... on B { x } } }', '{ v { ... on A { x } } }', '{ u { __typename } }'],
  },
  {
    name: 'an interface removed from a type hits who spreads on one of them below the other',
    before:
      'type Query { n: N a: A } interface N { x: Int } type A implements N { x: Int } type B implements N { x: Int }',
    after: 'type Query { n: N a: A } interface N { x: Int } type A { x: Int } type B implements N { x: Int }',
    hit: ['{ n { ... on A { x } } }', '{ a { ... on N { x } } }'],
    spared: ['{ n { x } }', '{ a { x } }', '{ n { ... on B { x } } }'],
  },
  {
    name: 'mutations that are gone hit who mutates',
    before: 'type Query { m: M } type M { x: Int } schema { query: Query mutation: M }',
    after: 'type Query { m: M } type M { x: Int } schema { query: Query }',
    hit: ['mutation { x }'],
    spared: ['{ __typename }'],
  },
  {
    name: 'a directive removed hits who has it in the text',
    before: 'directive @live on QUERY | FIELD type Query { a: Int }',
    after: 'type Query { a: Int }',
    hit: ['query @live { a }', '{ a @live }'],
    spared: ['{ a }', 'query live { a @include(if: true) }'],
  },
];
