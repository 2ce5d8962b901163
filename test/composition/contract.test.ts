import { describe, expect, it } from '@jest/globals';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { toApiSchema } from '../../composition/api-schema.ts';
import { compose } from '../../composition/compose.ts';
import { filterSupergraph, type TagFilter } from '../../composition/contract.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible", "@shareable"])`;

function supergraphOf(sdl: string, link = LINK): string {
  const composition = compose([{ name: 'one', url: 'http://127.0.0.1:1', sdl: `${link}\n${sdl}` }]);
  if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
  return composition.supergraphSdl;
}

const filter = (include: string[], exclude: string[] = [], hideUnreachableTypes = false): TagFilter => ({
  include,
  exclude,
  hideUnreachableTypes,
});

/** The API schema of a contract in one line, or the codes of its errors. */
function contractOf(sdl: string, given: TagFilter, link?: string): string | string[] {
  const result = filterSupergraph(supergraphOf(sdl, link), given);
  if ('errors' in result) return result.errors.map(({ code }) => code);
  return oneLine(printSchema(lexicographicSortSchema(toApiSchema(result.supergraphSdl))));
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

interface Case {
  readonly name: string;
  readonly sdl: string;
  readonly filter: TagFilter;
  readonly expected: string | string[];
}

const CASES: readonly Case[] = [
  {
    name: 'hides a field with an excluded tag',
    sdl: 'type Query { a: Int b: Int @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'keeps what has another tag, or none',
    sdl: 'type Query { a: Int b: Int @tag(name: "y") }',
    filter: filter([], ['x']),
    expected: 'type Query { a: Int b: Int }',
  },
  {
    name: 'shows only fields with an included tag',
    sdl: 'type Query { a: Int b: Int @tag(name: "x") }',
    filter: filter(['x']),
    expected: 'type Query { b: Int }',
  },
  {
    name: 'lets an excluded tag win over an included one',
    sdl: 'type Query { a: Int @tag(name: "x") b: Int @tag(name: "x") @tag(name: "y") }',
    filter: filter(['x'], ['y']),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'takes the tag of a type for all its fields',
    sdl: 'type Query @tag(name: "x") { a: A b: Int @tag(name: "y") } type A { a: Int @tag(name: "x") b: Int }',
    filter: filter(['x'], ['y']),
    expected: 'type A { a: Int } type Query { a: A }',
  },
  {
    name: 'hides a type with an excluded tag, where no field that is shown has it',
    sdl: 'type Query { a: Int b: B @tag(name: "x") } type B @tag(name: "x") { a: Int }',
    filter: filter([], ['x']),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'says that a field that is shown has a hidden type',
    sdl: 'type Query { a: Int b: B } type B @tag(name: "x") { a: Int }',
    filter: filter([], ['x']),
    expected: ['REFERENCED_INACCESSIBLE'],
  },
  {
    name: 'hides a type that loses all its fields',
    sdl: 'type Query { a: Int b: B @tag(name: "x") } type B { a: Int @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'hides mutations when none of them is included',
    sdl: 'type Query { a: Int @tag(name: "x") } type Mutation { m: Int }',
    filter: filter(['x']),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'says that nothing is left',
    sdl: 'type Query { a: Int }',
    filter: filter(['x']),
    expected: ['QUERY_ROOT_TYPE_INACCESSIBLE'],
  },
  {
    name: 'hides a union without an included tag, and shows types, inputs, enums and scalars without',
    sdl: `type Query { a(i: I): S @tag(name: "x") b: U c: E @tag(name: "x") d: A @tag(name: "x") } type A { a: Int @tag(name: "x") }
      union U = A enum E { P } scalar S input I { a: Int }`,
    filter: filter(['x']),
    expected: 'type A { a: Int } enum E { P } input I { a: Int } type Query { a(i: I): S c: E d: A } scalar S',
  },
  {
    name: 'hides a union that loses all its members, and shows one that keeps some',
    sdl: `type Query { a: Int u: U @tag(name: "x") v: V } type A @tag(name: "x") { a: Int } type B { a: Int } union U = A union V = A | B`,
    filter: filter([], ['x']),
    expected: 'type B { a: Int } type Query { a: Int v: V } union V = B',
  },
  {
    name: 'hides values of an enum, and the enum with the last of them',
    sdl: 'type Query { a: E b: F @tag(name: "x") } enum E { P Q @tag(name: "x") } enum F { P @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: 'enum E { P } type Query { a: E }',
  },
  {
    name: 'hides arguments and fields of inputs that may be left out',
    sdl: 'type Query { a(i: I, j: Int @tag(name: "x")): Int } input I { a: Int b: Int @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: 'input I { a: Int } type Query { a(i: I): Int }',
  },
  {
    name: 'says that a required field of an input is hidden',
    sdl: 'type Query { a(i: I): Int } input I { a: Int b: Int! @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: ['REQUIRED_INACCESSIBLE'],
  },
  {
    name: 'says that a required argument is hidden',
    sdl: 'type Query { a(b: Int! @tag(name: "x")): Int }',
    filter: filter([], ['x']),
    expected: ['REQUIRED_INACCESSIBLE'],
  },
  {
    name: 'says that a default has a hidden value',
    sdl: 'type Query { a(e: E = Q): Int } enum E { P Q @tag(name: "x") }',
    filter: filter([], ['x']),
    expected: ['DEFAULT_VALUE_USES_INACCESSIBLE'],
  },
  {
    name: 'hides a field of an interface with that of a type that implements it',
    sdl: `type Query { n: N } interface N { a: Int b: Int } type A implements N { a: Int b: Int @tag(name: "x") }
      type B implements N { a: Int b: Int }`,
    filter: filter([], ['x']),
    expected:
      'type A implements N { a: Int } type B implements N { a: Int b: Int } interface N { a: Int } type Query { n: N }',
  },
  {
    name: 'takes nothing from an interface for a type that is hidden',
    sdl: `type Query { n: N } interface N { a: Int } type A implements N @tag(name: "x") { a: Int } type B implements N { a: Int }
      type C implements N { a: Int @tag(name: "x") }`,
    filter: filter([], ['x']),
    expected: 'type B implements N { a: Int } interface N { a: Int } type Query { n: N }',
  },
  {
    name: 'hides an interface and shows the types that implement it',
    sdl: 'type Query { a: A } interface N @tag(name: "x") { a: Int } type A implements N { a: Int }',
    filter: filter([], ['x']),
    expected: 'type A { a: Int } type Query { a: A }',
  },
  {
    name: 'says that an argument of an interface is hidden in a type that implements it',
    sdl: 'type Query { n: N } interface N { a(b: Int): Int } type A implements N { a(b: Int @tag(name: "x")): Int }',
    filter: filter([], ['x']),
    expected: ['IMPLEMENTED_BY_INACCESSIBLE'],
  },
  {
    name: 'shows types that nothing leads to, unless they are to be hidden',
    sdl: 'type Query { a: Int b: B @tag(name: "x") } type B { c: C } type C { a: Int } enum E { P } scalar S',
    filter: filter([], ['x']),
    expected: 'type B { c: C } type C { a: Int } enum E { P } type Query { a: Int } scalar S',
  },
  {
    name: 'hides types that nothing leads to',
    sdl: `type Query { a(i: I): N u: U b: B @tag(name: "x") } type B { c: C } type C { a: Int } enum E { P } enum F { P } scalar S scalar T
      union V = C union U = D type D { s: S } input I { j: J } input J { e: E } input K { a: Int } interface N { a: Int }
      type M implements N & O { a: Int } interface O { a: Int }`,
    filter: filter([], ['x'], true),
    expected: `type D { s: S } enum E { P } input I { j: J } input J { e: E } type M implements N & O { a: Int } interface N { a: Int }
      interface O { a: Int } type Query { a(i: I): N u: U } scalar S union U = D`,
  },
  {
    name: 'keeps a type with an included tag though nothing leads to it, and what that needs',
    sdl: 'type Query { a: Int @tag(name: "x") } type B @tag(name: "x") { c: C } type C { a: Int @tag(name: "x") } type D { a: Int @tag(name: "x") }',
    filter: filter(['x'], [], true),
    expected: 'type B { c: C } type C { a: Int } type Query { a: Int }',
  },
  {
    name: 'leaves hidden what is hidden already',
    sdl: 'type Query { a: Int b: B @inaccessible c: Int @tag(name: "x") } type B @inaccessible { c: C } type C { a: Int }',
    filter: filter([], ['x'], true),
    expected: 'type Query { a: Int }',
  },
  {
    name: 'refuses a tag that is included and excluded',
    sdl: 'type Query { a: Int }',
    filter: filter(['x', 'y'], ['x']),
    expected: ['CONTRACT_INVALID'],
  },
  {
    name: 'refuses names that no tag can have',
    sdl: 'type Query { a: Int }',
    filter: filter(['a b'], ['']),
    expected: ['CONTRACT_INVALID', 'CONTRACT_INVALID'],
  },
];

describe('a contract', () => {
  it.each(CASES)('$name', ({ sdl, filter: given, expected }) => {
    expect(contractOf(sdl, given)).toEqual(typeof expected === 'string' ? oneLine(expected) : expected);
  });

  it('knows the directives by the names that subgraphs gave them', () => {
    const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      { name: "@tag", as: "@label" }, { name: "@inaccessible", as: "@secret" }])`;
    const sdl = 'type Query { a: Int b: Int @label(name: "x") c: Int @secret }';
    expect(contractOf(sdl, filter([], ['x']), link)).toBe('type Query { a: Int }');
  });

  it('is its source where it hides nothing', () => {
    const supergraphSdl = supergraphOf('type Query { a: Int }');
    expect(filterSupergraph(supergraphSdl, filter([], ['x']))).toEqual({ supergraphSdl });
  });

  it('touches nothing of federation itself', () => {
    const source = supergraphOf('type Query { a: Int @tag(name: "x") b: Int } type B @key(fields: "id") { id: ID! }');
    const result = filterSupergraph(source, filter(['x'], [], true));
    if ('errors' in result) throw new Error(JSON.stringify(result.errors));
    const marked = result.supergraphSdl.split('\n').filter((line) => line.includes('@inaccessible'));
    expect(marked.filter((line) => /join__(?!type|field)|link__/.test(line))).toEqual([]);
    expect(marked).toHaveLength(3);
  });

  it('tells what is no supergraph', () => {
    expect(filterSupergraph('type Query { a: Int @tag(name: "x") }', filter([], ['x']))).toMatchObject({
      errors: [{ code: expect.any(String), locations: [] }],
    });
    expect(filterSupergraph('type Query {', filter([], ['x']))).toMatchObject({
      errors: [{ code: 'INVALID_GRAPHQL' }],
    });
  });
});
