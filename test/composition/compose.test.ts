import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type CompositionError, compose, type SubgraphSchema } from '../../composition/compose.ts';
import { FEDERATION_VERSION } from '../../composition/federation-version.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires"])`;

function subgraph(name: string, sdl: string): SubgraphSchema {
  return { name, url: `http://localhost/${name}`, sdl };
}

function errorsOf(...schemas: SubgraphSchema[]): readonly CompositionError[] {
  const composition = compose(schemas);
  if (!('errors' in composition)) throw new Error('this was expected not to compose');
  return composition.errors;
}

function composed(...schemas: SubgraphSchema[]) {
  const composition = compose(schemas);
  if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
  return composition;
}

describe('compose', () => {
  it('composes subgraphs into a supergraph that names them and their addresses', () => {
    const { supergraphSdl } = composed(
      subgraph('users', `${LINK} type Query { me: User } type User @key(fields: "id") { id: ID! name: String }`),
      subgraph('orders', `${LINK} type User @key(fields: "id") { id: ID! orders: [ID!] }`),
    );
    expect(supergraphSdl).toContain('USERS @join__graph(name: "users", url: "http://localhost/users")');
    expect(supergraphSdl).toContain('ORDERS @join__graph(name: "orders", url: "http://localhost/orders")');
    expect(supergraphSdl).toContain('orders: [ID!] @join__field(graph: ORDERS)');
  });

  it('is the version of Federation that the package pins', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(dependencies['@apollo/composition']).toBe(FEDERATION_VERSION);
  });

  it('composes schemas written for Federation 1, alone and beside those of Federation 2', () => {
    const first = subgraph('users', 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String }');
    const extending = subgraph('orders', 'extend type User @key(fields: "id") { id: ID! @external orders: Int }');
    const second = subgraph('names', `${LINK} type User @key(fields: "id") { id: ID! nickname: String }`);
    expect(composed(first, extending).supergraphSdl).toContain('orders: Int @join__field(graph: ORDERS)');
    expect(composed(first, extending, second).supergraphSdl).toContain('nickname: String');
  });

  it('tells hints with code, level and message', () => {
    const { hints } = composed(
      subgraph('a', `${LINK} "one" type Query { a: Int }`),
      subgraph('b', `${LINK} "two" type Query { b: Int }`),
    );
    expect(hints).toEqual([
      { code: 'INCONSISTENT_DESCRIPTION', level: 'WARN', message: expect.stringContaining('Element "Query"') },
    ]);
  });

  it('has no hints for subgraphs that agree', () => {
    expect(composed(subgraph('a', 'type Query { a: Int }')).hints).toEqual([]);
  });

  it('tells syntax errors of all subgraphs, with their places', () => {
    expect(errorsOf(subgraph('a', 'type Query {\n  a: }\n'), subgraph('b', 'type Query {'))).toEqual([
      {
        code: 'INVALID_GRAPHQL',
        message: '[a] Syntax Error: Expected Name, found "}".',
        locations: [{ subgraph: 'a', line: 2, column: 6 }],
      },
      {
        code: 'INVALID_GRAPHQL',
        message: '[b] Syntax Error: Expected Name, found <EOF>.',
        locations: [{ subgraph: 'b', line: 1, column: 13 }],
      },
    ]);
  });

  it('tells what is wrong inside the other subgraphs beside a syntax error', () => {
    const codes = errorsOf(
      subgraph('a', 'type Query {'),
      subgraph('b', `${LINK} type Query { t: T } type T @key(fields: "nope") { id: ID! }`),
      subgraph('c', 'type Query { a: Int @foo\n b: Int @bar }'),
    ).map(({ code, locations }) => [code, locations[0]?.subgraph, locations[0]?.line]);
    expect(codes).toEqual([
      ['INVALID_GRAPHQL', 'a', 1],
      ['KEY_INVALID_FIELDS', 'b', 1],
      ['INVALID_GRAPHQL', 'c', 1],
      ['INVALID_GRAPHQL', 'c', 2],
    ]);
  });

  it('tells where two subgraphs disagree, in each of them', () => {
    expect(
      errorsOf(
        subgraph('a', `${LINK}\ntype Query {\n  me: Int @shareable }`),
        subgraph('b', `${LINK}\n\ntype Query { me: String @shareable }`),
      ),
    ).toEqual([
      {
        code: 'FIELD_TYPE_MISMATCH',
        message: expect.stringContaining('Type of field "Query.me" is incompatible across subgraphs'),
        locations: [
          { subgraph: 'a', line: 3, column: 3 },
          { subgraph: 'b', line: 3, column: 14 },
        ],
      },
    ]);
  });

  it('tells all disagreements at once', () => {
    const errors = errorsOf(
      subgraph('a', `${LINK} type Query { x: Int @shareable y: Int }`),
      subgraph('b', `${LINK} type Query { x: String @shareable y: Int }`),
    );
    expect(errors.map(({ code }) => code).sort()).toEqual(['FIELD_TYPE_MISMATCH', 'INVALID_FIELD_SHARING']);
  });

  it('tells which query no plan could answer', () => {
    const [error, ...others] = errorsOf(
      subgraph('a', `${LINK} type Query { t: T } type T { id: ID! @shareable }`),
      subgraph('b', `${LINK} type T { id: ID! @shareable x: Int }`),
    );
    expect(others).toEqual([]);
    expect(error?.code).toBe('SATISFIABILITY_ERROR');
    expect(error?.message).toContain('cannot move to subgraph "b", which has field "T.x"');
  });

  it.each([
    ['an empty schema', ''],
    ['a schema of comments', '# nothing yet\n'],
  ])('refuses %s in plain words', (_, sdl) => {
    expect(errorsOf(subgraph('a', sdl), subgraph('b', 'type Query { b: Int }'))).toEqual([
      {
        code: 'INVALID_GRAPHQL',
        message: '[a] The schema is empty.',
        locations: [{ subgraph: 'a', line: 1, column: 1 }],
      },
    ]);
  });

  it('refuses an executable document', () => {
    expect(errorsOf(subgraph('a', '{ me }'))).toEqual([
      expect.objectContaining({ code: 'INVALID_GRAPHQL', locations: [{ subgraph: 'a', line: 1, column: 1 }] }),
    ]);
  });

  it('says that a supergraph needs a query', () => {
    expect(errorsOf().map(({ code }) => code)).toEqual(['NO_QUERIES']);
    expect(errorsOf(subgraph('a', 'type T { a: Int }')).map(({ code }) => code)).toEqual(['NO_QUERIES']);
  });

  it.each(['', '_', '__a', '1a', 'a b', 'a/b', 'ünï', 'x'.repeat(65)])('refuses the name "%s"', (name) => {
    expect(errorsOf(subgraph(name, 'type Query { a: Int }'))).toEqual([
      { code: 'INVALID_SUBGRAPH_NAME', message: expect.stringContaining(`"${name}"`), locations: [] },
    ]);
  });

  it.each(['constructor', 'toString', 'a-b', 'A1_b', 'x'.repeat(64)])('accepts the name "%s"', (name) => {
    expect(composed(subgraph(name, 'type Query { a: Int }')).supergraphSdl).toContain(`(name: "${name}"`);
  });

  it('keeps names apart that differ in case or punctuation only', () => {
    const names = ['a', 'A', 'a-b', 'a_b'];
    const schemas = names.map((name, index) => subgraph(name, `type Query { f${index}: Int }`));
    const { supergraphSdl } = composed(...schemas);
    for (const name of names) expect(supergraphSdl).toContain(`(name: "${name}"`);
  });

  it('refuses a name that two subgraphs have, and still tells what else is wrong', () => {
    expect(errorsOf(subgraph('a', 'type Query { a: Int }'), subgraph('a', 'type Query {'))).toEqual([
      { code: 'INVALID_SUBGRAPH_NAME', message: 'Two subgraphs have the name "a"', locations: [] },
      expect.objectContaining({ code: 'INVALID_GRAPHQL' }),
    ]);
  });

  it.each([
    ['a link to a number', 'extend schema @link(url: 5) type Query { a: Int }'],
    ['a key inside a scalar', `${LINK} type Query { a: A } type A @key(fields: "id { x }") { id: ID! }`],
    ['a scalar of federation itself', 'scalar _Any type Query { a: _Any }'],
  ])('reports %s, on which composition itself falls over', (_, sdl) => {
    expect(errorsOf(subgraph('a', sdl))).toEqual([
      {
        code: 'COMPOSITION_FAULT',
        message: expect.stringContaining('Composition failed on this schema'),
        locations: [],
      },
    ]);
  });
});
