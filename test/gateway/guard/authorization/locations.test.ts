import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, type GuardedGraph, refusalsOf, startGuardedGraph } from './guarded-graph.ts';

/** Every directive at every place where it can stand. */

interface DirectiveCase {
  readonly directive: string;
  /** How a refusal explains itself. */
  readonly reason: string;
  readonly may: readonly Caller[];
  readonly mayNot: readonly Caller[];
}

const DIRECTIVES: readonly DirectiveCase[] = [
  {
    directive: '@authenticated',
    reason: 'it needs an authenticated caller',
    may: [{ scopes: [] }, { scopes: ['a'] }],
    mayNot: [{}, { policies: ['p', 'q'] }],
  },
  {
    directive: '@requiresScopes(scopes: [["a", "b"], ["c"]])',
    reason: 'it needs a token with the scopes a and b, or c',
    may: [{ scopes: ['a', 'x', 'b'] }, { scopes: ['c'] }],
    mayNot: [{}, { scopes: [] }, { scopes: ['a'] }, { scopes: ['ab'] }, { scopes: ['x', 'b'] }],
  },
  {
    directive: '@policy(policies: [["p", "q"], ["r"]])',
    reason: 'a policy does not allow it',
    may: [{ policies: ['p', 'q'] }, { policies: ['r'] }, { scopes: ['x'], policies: ['r', 'p'] }],
    mayNot: [{}, { policies: ['p'] }, { scopes: ['p', 'q', 'r'] }, { policies: ['q'] }],
  },
];

const SDL = (directive: string) => `
  type Query {
    open: String
    field: String ${directive}
    object: Vault
    objects: [[Vault!]!]
    enum: Level
    enums: [Level]
    scalar: Pin
    byEnum(level: Level): String
    byScalar(pins: [Pin!]): String
    byInput(filter: Filter): String
    interface: Media
    union: Found
  }
  type Mutation { change: String ${directive} changeTo(level: Level!): String leave: String }
  type Vault ${directive} { gold: Int }
  enum Level ${directive} { LOW HIGH }
  scalar Pin ${directive}
  input Filter { text: String any: [Inner!] }
  input Inner { level: Level again: Filter }
  interface Media { title: String owner: String }
  type Film implements Media ${directive} { title: String owner: String }
  type Song implements Media { title: String owner: String }
  union Found = Vault | Song
`;

const RESOLVERS = {
  Query: {
    open: () => 'open',
    field: () => 'field',
    object: () => ({ gold: 1 }),
    objects: () => [[{ gold: 1 }]],
    enum: () => 'LOW',
    enums: () => ['LOW', 'HIGH'],
    scalar: () => 1234,
    byEnum: () => 'by enum',
    byScalar: () => 'by scalar',
    byInput: () => 'by input',
    interface: () => ({ __typename: 'Song', title: 'a song', owner: 'me' }),
    union: () => ({ __typename: 'Vault', gold: 1 }),
  },
  Mutation: { change: () => 'changed', changeTo: () => 'changed', leave: () => 'left' },
};

interface LocationCase {
  readonly location: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** For who may: all of it. */
  readonly data: unknown;
  readonly refusedData: unknown;
  /** Path and coordinate of each refusal. */
  readonly refusals: readonly (readonly [path: string, coordinate: string])[];
  /** What subgraphs are asked for, by who may not. */
  readonly received: readonly string[];
}

const LOCATIONS: readonly LocationCase[] = [
  {
    location: 'a field',
    query: '{ open field }',
    data: { open: 'open', field: 'field' },
    refusedData: { open: 'open', field: null },
    refusals: [['field', 'Query.field']],
    received: ['Query.open'],
  },
  {
    location: 'an object',
    query: '{ object { gold } objects { gold } }',
    data: { object: { gold: 1 }, objects: [[{ gold: 1 }]] },
    refusedData: { object: null, objects: null },
    refusals: [
      ['object', 'Query.object'],
      ['objects', 'Query.objects'],
    ],
    received: [],
  },
  {
    location: 'an enum as a value',
    query: '{ open enum enums }',
    data: { open: 'open', enum: 'LOW', enums: ['LOW', 'HIGH'] },
    refusedData: { open: 'open', enum: null, enums: null },
    refusals: [
      ['enum', 'Query.enum'],
      ['enums', 'Query.enums'],
    ],
    received: ['Query.open'],
  },
  {
    location: 'a scalar as a value',
    query: '{ scalar }',
    data: { scalar: 1234 },
    refusedData: { scalar: null },
    refusals: [['scalar', 'Query.scalar']],
    received: [],
  },
  {
    location: 'an enum as an argument that is given',
    query: 'query ($level: Level) { a: byEnum b: byEnum(level: LOW) c: byEnum(level: $level) }',
    data: { a: 'by enum', b: 'by enum', c: 'by enum' },
    refusedData: { a: 'by enum', b: null, c: null },
    refusals: [
      ['b', 'Query.byEnum'],
      ['c', 'Query.byEnum'],
    ],
    received: ['Query.byEnum'],
  },
  {
    location: 'a scalar in a list that is given',
    query: '{ open byScalar(pins: [1]) }',
    data: { open: 'open', byScalar: 'by scalar' },
    refusedData: { open: 'open', byScalar: null },
    refusals: [['byScalar', 'Query.byScalar']],
    received: ['Query.open'],
  },
  {
    location: 'an enum inside of an input object',
    query: 'query ($filter: Filter) { open byInput(filter: $filter) }',
    variables: { filter: { any: [{ level: 'HIGH' }] } },
    data: { open: 'open', byInput: 'by input' },
    refusedData: { open: 'open', byInput: null },
    refusals: [['byInput', 'Query.byInput']],
    received: ['Query.open'],
  },
  {
    location: 'an object behind an interface',
    query: '{ open interface { title } }',
    data: { open: 'open', interface: { title: 'a song' } },
    refusedData: { open: 'open', interface: null },
    refusals: [['interface', 'Query.interface']],
    received: ['Query.open'],
  },
  {
    location: 'an object of a union',
    query: '{ union { ... on Vault { gold } ... on Song { title } } }',
    data: { union: { gold: 1 } },
    refusedData: { union: { gold: null } },
    refusals: [['union.gold', 'Vault.gold']],
    received: ['Query.union', 'Song.title'],
  },
  {
    location: 'the root field of a mutation',
    query: 'mutation { change leave changeTo(level: LOW) }',
    data: { change: 'changed', leave: 'left', changeTo: 'changed' },
    refusedData: { change: null, leave: 'left', changeTo: null },
    refusals: [
      ['change', 'Mutation.change'],
      ['changeTo', 'Mutation.changeTo'],
    ],
    received: ['Mutation.leave'],
  },
];

describe.each(DIRECTIVES)('$directive', ({ directive, reason, may, mayNot }) => {
  let graph: GuardedGraph;
  beforeAll(async () => {
    graph = await startGuardedGraph([{ name: 'one', sdl: SDL(directive), resolvers: RESOLVERS }]);
  });
  afterAll(() => graph.close());

  describe.each(LOCATIONS)('on $location', (location) => {
    const { query, variables = {}, data, refusedData, refusals, received } = location;

    it.each(may)('lets %j have it', async (caller) => {
      const { status, body } = await graph.ask(query, caller, { variables });
      expect({ status, body }).toEqual({ status: 200, body: { data } });
      expect(graph.received().length).toBeGreaterThan(0);
    });

    it.each(mayNot)('never asks a subgraph for it for %j', async (caller) => {
      const answer = await graph.ask(query, caller, { variables });
      expect(graph.received()).toEqual(received);
      expect(answer.body.data).toEqual(refusedData);
      expect(refusalsOf(answer)).toEqual(
        refusals.map(([path, coordinate]) => [path, `${coordinate} is not for you: ${reason}.`]),
      );
      expect(answer.status).toBe(200);
    });
  });
});
