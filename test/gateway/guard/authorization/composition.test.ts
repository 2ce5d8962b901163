import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlledOptions } from '../../../support/controlled-subgraph.ts';
import { withoutSecurity } from '../../../support/older-composer.ts';
import { type Caller, type GuardedGraph, refusalsOf, startGuardedGraph } from './guarded-graph.ts';

/** What comes of directives when subgraphs are composed, by this composer or by an older one. */

const SHARED: readonly ControlledOptions[] = [
  {
    name: 'one',
    sdl: `
      type Query { me: User level: Level @shareable both: String @shareable @requiresScopes(scopes: [["a", "b"], ["c"]]) }
      type User @key(fields: "id") @shareable { id: ID! name: String email: String @authenticated }
      enum Level { LOW }
    `,
    resolvers: {
      Query: { me: () => ({ id: '1', name: 'Ada', email: 'ada' }), both: () => 'both', level: () => 'LOW' },
    },
  },
  {
    name: 'two',
    sdl: `
      type Query { both: String @shareable @requiresScopes(scopes: [["d"], ["c"]]) level: Level @shareable }
      type User @key(fields: "id") @shareable @policy(policies: [["p"]]) {
        id: ID! name: String email: String @requiresScopes(scopes: [["email"]])
      }
      enum Level @authenticated { LOW }
    `,
    resolvers: {
      Query: { both: () => 'both', level: () => 'LOW' },
      User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Ada', email: 'ada' }) },
    },
  },
];

const MEDIA: readonly ControlledOptions[] = [
  {
    name: 'library',
    sdl: `
      type Query { media: [Media] films: [Film] named: [Named] }
      interface Named { title: String }
      interface Media @key(fields: "id") { id: ID! title: String price: Int }
      type Film implements Media & Named @key(fields: "id") { id: ID! title: String price: Int @authenticated }
      type Song implements Media & Named @key(fields: "id") { id: ID! title: String price: Int }
      type Book implements Named { title: String @requiresScopes(scopes: [["books"]]) }
    `,
    resolvers: {
      Query: {
        media: () => [{ __typename: 'Song', id: 's', title: 'Song', price: 1 }],
        films: () => [{ __typename: 'Film', id: 'f', title: 'Film', price: 2 }],
        named: () => [{ __typename: 'Song', title: 'Song' }],
      },
      Media: {
        __resolveReference: ({ id }: { id: string }) => ({
          __typename: id === 'f' ? 'Film' : 'Song',
          id,
          title: 'Film',
        }),
      },
    },
  },
  {
    name: 'ratings',
    sdl: `
      type Query { rated: [Media] }
      type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int critics: Int @policy(policies: [["critics"]]) }
    `,
    resolvers: {
      Query: { rated: () => [{ id: 'f', stars: 5, critics: 3 }] },
      Media: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5, critics: 3 }) },
    },
  },
];

interface CompositionCase {
  readonly name: string;
  readonly query: string;
  readonly may: readonly Caller[];
  readonly data: unknown;
  readonly mayNot: readonly Caller[];
  /** Paths and coordinates. */
  readonly refusals: readonly string[];
  /** What no subgraph is asked for by who may not; of the first it is for who may. */
  readonly never: readonly string[];
}

const SHARED_CASES: readonly CompositionCase[] = [
  {
    name: 'a shared field demands what all its subgraphs do, whichever is asked',
    query: '{ both }',
    may: [{ scopes: ['c'] }, { scopes: ['a', 'b', 'd'] }],
    data: { both: 'both' },
    mayNot: [{}, { scopes: ['d'] }, { scopes: ['a', 'b'] }],
    refusals: ['both Query.both'],
    never: ['Query.both'],
  },
  {
    name: 'different directives for one field all hold, with that of its type',
    query: '{ me { email } }',
    may: [{ scopes: ['email'], policies: ['p'] }],
    data: { me: { email: 'ada' } },
    mayNot: [{ policies: ['p'] }, { scopes: ['other'], policies: ['p'] }],
    refusals: ['me.email User.email'],
    never: ['User.email'],
  },
  {
    name: 'a type demands what any subgraph says of it',
    query: '{ me { name } level }',
    may: [{ scopes: [], policies: ['p'] }],
    data: { me: { name: 'Ada' }, level: 'LOW' },
    mayNot: [{}],
    refusals: ['me Query.me', 'level Query.level'],
    never: ['Query.me', 'Query.level', 'User.name'],
  },
];

const MEDIA_CASES: readonly CompositionCase[] = [
  {
    name: 'a field of an interface demands what it does on any object',
    query: '{ media { title price } }',
    may: [{ scopes: [] }],
    data: { media: [{ title: 'Song', price: 1 }] },
    mayNot: [{}],
    refusals: ['media.0.price Media.price'],
    never: ['Media.price', 'Film.price', 'Song.price'],
  },
  {
    name: 'an object demands what it says itself',
    query: '{ media { ... on Song { price } ... on Film { price } } films { price } }',
    may: [{ scopes: [] }],
    data: { media: [{ price: 1 }], films: [{ price: 2 }] },
    mayNot: [{}],
    refusals: ['films.0.price Film.price'],
    never: ['Film.price'],
  },
  {
    name: 'a second interface of an object does, too',
    query: '{ named { title } }',
    may: [{ scopes: ['books'] }],
    data: { named: [{ title: 'Song' }] },
    mayNot: [{}, { scopes: [] }],
    refusals: ['named.0.title Named.title'],
    never: ['Named.title', 'Song.title', 'Book.title'],
  },
  {
    name: 'a field that an @interfaceObject brings is guarded on the interface',
    query: '{ media { stars critics } }',
    may: [{ policies: ['critics'] }],
    data: { media: [{ stars: 5, critics: 3 }] },
    mayNot: [{}, { scopes: [] }],
    refusals: ['media.0.critics Media.critics'],
    never: ['Media.critics'],
  },
  {
    name: 'and on each object',
    query: '{ films { stars critics } }',
    may: [{ policies: ['critics'] }],
    data: { films: [{ stars: 5, critics: 3 }] },
    mayNot: [{}],
    refusals: ['films.0.critics Film.critics'],
    never: ['Media.critics'],
  },
  {
    name: 'and when nothing else is asked of it',
    query: '{ rated { critics } }',
    may: [{ policies: ['critics'] }],
    data: { rated: [{ critics: 3 }] },
    mayNot: [{}],
    refusals: ['rated.0.critics Media.critics'],
    never: ['Media.critics'],
  },
  {
    name: 'and when the object was only known by its interface',
    query: '{ rated { critics ... on Film { critics title } } }',
    may: [{ policies: ['critics'] }],
    data: { rated: [{ critics: 3, title: 'Film' }] },
    mayNot: [{}],
    refusals: ['rated.0.critics Media.critics'],
    never: ['Media.critics'],
  },
];

/** Before 2.9.4 interfaces demanded nothing that their objects did, and not all that an `@interfaceObject` brings was guarded on objects. */
const asBefore = (sdl: string) => withoutSecurity(sdl, ['Media.price', 'Named.title', 'Film.critics']);

/** Until 2.12.1 an `@interfaceObject` could have a directive itself. */
const withGuardedInterface = (sdl: string) => sdl.replace('interface Media', 'interface Media @authenticated');

const GUARDED_INTERFACE_CASES: readonly CompositionCase[] = [
  {
    name: 'what a guarded @interfaceObject brings is guarded on each object',
    query: '{ films { title stars } named { ... on Film { stars } } }',
    may: [{ scopes: [] }],
    data: { films: [{ title: 'Film', stars: 5 }], named: [{}] },
    mayNot: [{}],
    refusals: ['films.0.stars Film.stars'],
    never: ['Media.stars'],
  },
  {
    name: 'and so is what leads to the interface',
    query: '{ media { stars } rated { id } }',
    may: [{ scopes: [] }],
    data: { media: [{ stars: 5 }], rated: [{ id: 'f' }] },
    mayNot: [{}],
    refusals: ['media Query.media', 'rated Query.rated'],
    never: ['Media.stars', 'Query.media', 'Query.rated'],
  },
];

const GRAPHS = [
  { title: 'subgraphs that share fields', subgraphs: SHARED, cases: SHARED_CASES, edit: undefined },
  { title: 'interfaces', subgraphs: MEDIA, cases: MEDIA_CASES, edit: undefined },
  { title: 'interfaces, by an older composer', subgraphs: MEDIA, cases: MEDIA_CASES, edit: asBefore },
  {
    title: 'an interface with a directive of its own, by an older composer',
    subgraphs: MEDIA,
    cases: GUARDED_INTERFACE_CASES,
    edit: withGuardedInterface,
  },
];

describe.each(GRAPHS)('$title', ({ subgraphs, cases, edit }) => {
  let graph: GuardedGraph;
  beforeAll(async () => {
    graph = await startGuardedGraph(subgraphs, edit && { edit });
  });
  afterAll(() => graph.close());

  describe.each(cases)('$name', ({ query, may, data, mayNot, refusals, never }) => {
    it.each(may)('for %j, who may', async (caller) => {
      expect((await graph.ask(query, caller)).body).toEqual({ data });
      expect(graph.received()).toEqual(expect.arrayContaining([never[0]]));
    });

    it.each(mayNot)('for %j, who may not', async (caller) => {
      const answer = await graph.ask(query, caller);
      expect(refusalsOf(answer).map(([path, message]) => `${path} ${message.split(' ')[0]}`)).toEqual(refusals);
      expect(graph.received().filter((field) => never.includes(field))).toEqual([]);
    });
  });
});
