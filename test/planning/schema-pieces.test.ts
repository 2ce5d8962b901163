import { describe, expect, it } from '@jest/globals';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { printInPieces, readInPieces } from '../../planning/schema-pieces.ts';

const SDL = `
  "All of it."
  schema { query: Root mutation: Change }
  directive @shown(on: [String!] = ["a", "b"]) repeatable on FIELD | QUERY
  "No root, whatever it is called."
  type Mutation { id: ID }
  type Root implements Node & Named {
    id: ID!
    """
    With a break

    type Inside { it: Int }
    """
    name(first: Int = 3, filter: Filter = { kind: A, tags: ["x"] }): String @deprecated(reason: "old")
    any: Any
  }
  type Change { do(what: What!): Root }
  interface Node { id: ID! }
  interface Named implements Node { id: ID! name(first: Int = 3, filter: Filter): String }
  union Any = Root | Change
  enum Kind { A "Second" B @deprecated }
  input Filter { kind: Kind = B, tags: [String!]! = [] }
  input What @oneOf { a: Int b: String }
  scalar Time @specifiedBy(url: "https://example.com/time")
  scalar Unused
`;

describe('a schema in pieces', () => {
  it('is read as it was printed', async () => {
    const schema = buildSchema(SDL);
    const read = await readInPieces(printInPieces(schema));
    expect(introspectionFromSchema(read)).toEqual(introspectionFromSchema(schema));
    expect(Object.keys(read.getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
    expect(read.getMutationType()?.name).toBe('Change');
  });

  it('is cut between definitions', async () => {
    const types = Array.from(
      { length: 2_000 },
      (_, number) => `type T${number} { id: ID next: T${(number + 1) % 2_000} }`,
    );
    const schema = buildSchema(`type Query { first: T0 } ${types.join('\n')}`);
    const pieces = printInPieces(schema);
    expect(pieces.length).toBeGreaterThan(2);
    const read = await readInPieces(pieces);
    expect(Object.keys(read.getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
  });
});
