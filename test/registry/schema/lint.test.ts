import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compose } from '../../../composition/compose.ts';
import { type Diagnostic, lint } from '../../../registry/schema/lint.ts';
import { LINT_RULES, type LintLevel } from '../../../registry/schema/lint-rules.ts';
import { createRandom } from '../../differential/random.ts';

const show = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ level, rule, coordinate }) => `${level} ${rule} ${coordinate}`);

const everything: Record<string, LintLevel> = Object.fromEntries(
  Object.keys(LINT_RULES).map((rule) => [rule, 'WARNING']),
);

const CASES: readonly {
  readonly rule: string;
  readonly wrong: string;
  readonly coordinate: string;
  readonly right: string;
}[] = [
  {
    rule: 'FIELD_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'type Query { First_name: Int }',
    coordinate: 'Query.First_name',
    right: 'type Query { firstName2: Int }',
  },
  {
    rule: 'FIELD_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'extend interface N { First: Int }',
    coordinate: 'N.First',
    right: 'extend interface N { first: Int }',
  },
  {
    rule: 'INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'type Query { a(An_id: Int): Int }',
    coordinate: 'Query.a(An_id:)',
    right: 'type Query { a(anId: Int): Int }',
  },
  {
    rule: 'INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'input AInput { An_id: Int }',
    coordinate: 'AInput.An_id',
    right: 'input AInput { anId: Int }',
  },
  {
    rule: 'INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'directive @a(B: Int) on FIELD',
    coordinate: '@a(B:)',
    right: 'directive @a(b: Int) on FIELD',
  },
  {
    rule: 'DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE',
    wrong: 'directive @Live on FIELD',
    coordinate: '@Live',
    right: 'directive @live on FIELD',
  },
  {
    rule: 'TYPE_NAMES_SHOULD_BE_PASCAL_CASE',
    wrong: 'scalar date_time',
    coordinate: 'date_time',
    right: 'scalar DateTime',
  },
  { rule: 'TYPE_NAMES_SHOULD_BE_PASCAL_CASE', wrong: 'union anyOf = A', coordinate: 'anyOf', right: 'union AnyOf = A' },
  {
    rule: 'ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE',
    wrong: 'enum E { inStock }',
    coordinate: 'E.inStock',
    right: 'enum E { IN_STOCK_2 }',
  },
  { rule: 'TYPE_PREFIX', wrong: 'scalar TypeDate', coordinate: 'TypeDate', right: 'scalar Type' },
  { rule: 'TYPE_SUFFIX', wrong: 'scalar DateType', coordinate: 'DateType', right: 'scalar Date' },
  {
    rule: 'OBJECT_PREFIX',
    wrong: 'type ObjectUser { a: Int }',
    coordinate: 'ObjectUser',
    right: 'interface ObjectUser { a: Int }',
  },
  {
    rule: 'OBJECT_SUFFIX',
    wrong: 'type UserObject { a: Int }',
    coordinate: 'UserObject',
    right: 'type User { a: Int }',
  },
  {
    rule: 'INTERFACE_PREFIX',
    wrong: 'interface InterfaceNode { a: Int }',
    coordinate: 'InterfaceNode',
    right: 'interface Node { a: Int }',
  },
  {
    rule: 'INTERFACE_SUFFIX',
    wrong: 'interface NodeInterface { a: Int }',
    coordinate: 'NodeInterface',
    right: 'type NodeInterface { a: Int }',
  },
  { rule: 'ENUM_PREFIX', wrong: 'enum EnumColor { RED }', coordinate: 'EnumColor', right: 'enum Color { RED }' },
  { rule: 'ENUM_SUFFIX', wrong: 'enum ColorEnum { RED }', coordinate: 'ColorEnum', right: 'enum Color { RED }' },
  {
    rule: 'INPUT_TYPE_SUFFIX',
    wrong: 'input NewUser { a: Int }',
    coordinate: 'NewUser',
    right: 'input NewUserInput { a: Int }',
  },
  {
    rule: 'RESTY_FIELD_NAMES',
    wrong: 'type Query { getUser: Int }',
    coordinate: 'Query.getUser',
    right: 'type Query { getaway: Int } type Mutation { putUser: Int }',
  },
  {
    rule: 'RESTY_FIELD_NAMES',
    wrong: 'type Mutation { putUser: Int } schema { mutation: M }',
    coordinate: 'Mutation.putUser',
    right: 'type M { putUser: Int } extend schema { mutation: M }',
  },
  {
    rule: 'DEPRECATED_DIRECTIVE_MISSING_REASON',
    wrong: 'type Query { a: Int @deprecated }',
    coordinate: 'Query.a',
    right: 'type Query { a: Int @deprecated(reason: "Use b.") }',
  },
  {
    rule: 'DEPRECATED_DIRECTIVE_MISSING_REASON',
    wrong: 'enum E { P @deprecated(reason: " ") }',
    coordinate: 'E.P',
    right: 'enum E { P @deprecated(reason: "Use Q.") }',
  },
  {
    rule: 'ALL_ELEMENTS_REQUIRE_DESCRIPTION',
    wrong: '"U." type User { a: Int }',
    coordinate: 'User.a',
    right: 'type Query { "A." a("B." b: Int): Int } "E." enum E { "P." P }',
  },
  {
    rule: 'DEFINED_TYPES_ARE_UNUSED',
    wrong: 'type Query { a: A } type A { b: Int } type B { a: A }',
    coordinate: 'B',
    right:
      'type Query { a: N } interface N { b: Int } type A implements N { b: Int } type B @key(fields: "id") { id: Int }',
  },
  {
    rule: 'ENUM_USED_AS_INPUT_WITHOUT_SUFFIX',
    wrong: 'enum E { P } type Query { a(e: [E!]): Int }',
    coordinate: 'E',
    right: 'enum EInput { P } type Query { a(e: EInput): Int }',
  },
  {
    rule: 'ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX',
    wrong: 'enum EInput { P } type Query { a: EInput! }',
    coordinate: 'EInput',
    right: 'enum E { P } type Query { a: E }',
  },
];

describe('lint', () => {
  it.each(CASES)('$rule: $wrong', ({ rule, wrong, coordinate, right }) => {
    expect(lint(wrong, { rules: { [rule]: 'ERROR' } }).filter((each) => each.rule === rule)).toMatchObject([
      { level: 'ERROR', rule, coordinate },
    ]);
    expect(lint(right, { rules: { [rule]: 'ERROR' } }).filter((each) => each.rule === rule)).toEqual([]);
  });

  it('has a case for every rule', () => {
    expect([...new Set(CASES.map(({ rule }) => rule))].sort()).toEqual(Object.keys(LINT_RULES).sort());
  });

  it('turns rules off and on', () => {
    const sdl = 'type Query { First: Int }';
    expect(show(lint(sdl))).toEqual(['WARNING FIELD_NAMES_SHOULD_BE_CAMEL_CASE Query.First']);
    expect(show(lint(sdl, { rules: { FIELD_NAMES_SHOULD_BE_CAMEL_CASE: 'OFF' } }))).toEqual([]);
    expect(show(lint(sdl, { rules: { UNHEARD_OF: 'ERROR', ALL_ELEMENTS_REQUIRE_DESCRIPTION: 'ERROR' } }))).toEqual([
      'WARNING FIELD_NAMES_SHOULD_BE_CAMEL_CASE Query.First',
      'ERROR ALL_ELEMENTS_REQUIRE_DESCRIPTION Query.First',
    ]);
  });

  it('tells only what was not wrong before, wherever it stands now', () => {
    const baseSdl = 'type Query { First: Int }';
    expect(show(lint('type Query { Second: Int First: Int }', { baseSdl }))).toEqual([
      'WARNING FIELD_NAMES_SHOULD_BE_CAMEL_CASE Query.Second',
    ]);
    expect(lint('type Query { First: Int }', { baseSdl: 'type {' })).toHaveLength(1);
  });

  it('says where a text does not parse, also at its end', () => {
    expect(lint('type Query {')).toMatchObject([{ level: 'ERROR', rule: 'DOES_NOT_PARSE', start: 11, end: 11 }]);
    expect(lint('type Query { ; }')).toMatchObject([{ level: 'ERROR', rule: 'DOES_NOT_PARSE', start: 13, end: 14 }]);
    expect(lint('\n')).toMatchObject([{ rule: 'DOES_NOT_PARSE', start: 0, end: 0 }]);
    expect(lint('')).toEqual([]);
  });

  it('says that operations are no schema', () => {
    expect(show(lint('type Query { a: Int } query { a }'))).toEqual(['ERROR QUERY_DOCUMENT_DECLARATION ']);
  });

  it('counts in bytes of UTF-8, strictly inside of any text', () => {
    const random = createRandom(11);
    const filler = ['"é"', '"日本"', '"😀😀"', '# 😀\n', '"""\nß\n"""'];
    for (let number = 0; number < 200; number++) {
      let sdl = '';
      const names: string[] = [];
      for (let count = random.below(400); count >= 0; count--) {
        const name = `${'wrong'.repeat(1 + random.below(20))}_${count}`;
        names.push(name);
        sdl += `${random.pick(filler)}${random.chance(0.5) ? '\n' : ' '}scalar ${name} `;
      }
      if (random.chance(0.5)) sdl = sdl.trimEnd();
      const bytes = Buffer.from(sdl);
      const diagnostics = lint(sdl);
      expect(diagnostics).toHaveLength(names.length);
      for (const [index, { start, end }] of diagnostics.entries()) {
        expect(end).toBeLessThan(bytes.length);
        const isLast = index === names.length - 1;
        expect(
          bytes
            .subarray(start, isLast && end === bytes.length - 1 ? end + 1 : end)
            .toString()
            .trim(),
        ).toBe(names[index]);
      }
    }
  });

  it('tells a thousand at most', () => {
    const sdl = Array.from({ length: 20_000 }, (_, number) => `"é" scalar wrong_${number}`).join('\n');
    expect(lint(sdl)).toHaveLength(1_000);
  });

  it.each(['users', 'orders', 'products', 'notifications'])(
    'finds nothing in %s, though all rules but those of taste are on',
    (name) => {
      const sdl = readFileSync(new URL(`../../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8');
      expect(show(lint(sdl))).toEqual([]);
    },
  );

  it('finds nothing that federation brings, in a subgraph or in a supergraph', () => {
    const sdl = `
      "What it is." schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed",
        import: ["@key", "@external", { name: "@tag", as: "@my_tag" }]) { query: Query }
      directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
      directive @fed__requires(fields: fed__FieldSet!) on FIELD_DEFINITION
      enum link__Purpose { SECURITY EXECUTION } scalar link__Import scalar fed__FieldSet scalar _Any scalar FieldSet
      type _Service { sdl: String } union _Entity = User
      type Query { "U." user: User _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
      "U." type User @key(fields: "id") { "I." id: ID! Old_name: Int @external "N." name: Int @fed__requires(fields: "Old_name") @my_tag(name: "x") }`;
    const rules = { ...everything, ALL_ELEMENTS_REQUIRE_DESCRIPTION: 'OFF', DEFINED_TYPES_ARE_UNUSED: 'OFF' } as const;
    expect(show(lint(sdl, { rules }))).toEqual([]);
    const link =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible"])';
    const composition = compose([
      {
        name: 'a',
        url: 'http://a',
        sdl: `${link} type Query { a: A } type A @key(fields: "id") { id: ID! @tag(name: "x") b: Int @inaccessible }`,
      },
    ]);
    if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
    expect(show(lint(composition.supergraphSdl, { rules }))).toEqual([]);
  });

  it('has all of its rules in docs/registry.md, those that are off apart', () => {
    const page = readFileSync(new URL('../../../docs/registry.md', import.meta.url), 'utf8');
    const [on = '', off = ''] = page.split('and those that are `OFF`:');
    for (const [rule, { level }] of Object.entries(LINT_RULES))
      expect(level === 'OFF' ? off : on).toContain(`\`${rule}\``);
  });
});
