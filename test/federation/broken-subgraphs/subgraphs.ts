import type { Misbehaviour, SubgraphCall, TestSubgraph } from '../support/subgraph.ts';

/** A subgraph that answers what no GraphQL server should, by the first field it is asked for; and a good one beside it. */

interface Reference {
  readonly id: string;
}

const json = (value: unknown, status = 200): Misbehaviour => ({ status, body: JSON.stringify(value) });
const data = (value: unknown) => json({ data: value });
const entities = (value: unknown, errors?: unknown) =>
  json({ data: { _entities: value }, ...(errors === undefined ? {} : { errors }) });

const ROOT: Readonly<Record<string, Misbehaviour>> = {
  refused: json({ errors: [{ message: 'refused', extensions: { code: 'REFUSED' } }] }, 400),
  unexplained: json({ data: null, errors: [{ message: 'no path' }] }),
  failing: json({ data: { failing: null }, errors: [{ message: 'with status 500', path: ['failing'] }] }, 500),
  html: { contentType: 'text/html', body: '<h1>Hello</h1>' },
  crashed: { status: 500, contentType: 'text/html', body: '<h1>Internal Server Error</h1>' },
  half: { body: '{"data":{"half":"tex' },
  cutOff: { body: '{"data":{"cutOff":"text"}}', isCutOff: true },
  nothing: { body: '' },
  list: json([]),
  object: json({}),
  text: json({ data: 'text' }),
  missing: data({}),
  strict: data({ strict: null }),
  integer: data({ integer: 'seven' }),
  integers: data({ integers: 7 }),
  single: data({ single: ['not', 'an', 'object'] }),
  level: data({ level: 'MEDIUM' }),
  being: data({ being: { name: 'nobody' } }),
  alien: data({ alien: { __typename: 'Alien', name: 'et' } }),
  more: data({ more: 'asked', extra: 'not asked', refused: 'neither' }),
  oddErrors: json({ data: { oddErrors: 'fine' }, errors: ['text', { message: 5, path: 'x' }, null] }),
  noErrors: json({ data: { noErrors: 'fine' }, errors: [] }),
  nullErrors: json({ data: { nullErrors: 'fine' }, errors: null }),
};

const ENTITIES: Readonly<Record<string, Misbehaviour>> = {
  short: entities([{ __typename: 'Item', short: 'a' }]),
  long: entities([{ long: 'a' }, { long: 'b' }, { long: 'c' }]),
  absent: data({}),
  noList: entities('text'),
  scalars: entities(['text', 5]),
  cutOffEntities: { body: '{"data":{"_entities":[]}}', isCutOff: true },
  refusedEntities: json({ errors: [{ message: 'refused', extensions: { code: 'REFUSED' } }] }, 400),
  outside: entities([{ outside: 'a' }, null], [{ message: 'beyond', path: ['_entities', 99, 'outside'] }]),
  pathless: entities([{ pathless: 'a' }, null], [{ message: 'somewhere' }]),
  elsewhere: entities([{ elsewhere: 'a' }, { elsewhere: null }], [{ message: 'elsewhere', path: ['other', 1] }]),
  whole: entities([null, null], [{ message: 'the whole list', path: ['_entities'] }]),
};

function misbehave({ query }: SubgraphCall): Misbehaviour | undefined {
  const answers = query.includes('_entities') ? ENTITIES : ROOT;
  const name = Object.keys(answers).find((field) => new RegExp(`\\b${field}\\b`).test(query));
  return name === undefined ? undefined : answers[name];
}

const noResolvers = { Being: { __resolveType: () => 'Human' } };

export const broken: TestSubgraph = {
  name: 'broken',
  misbehave,
  sdl: `
    enum Level { LOW HIGH }
    interface Being { name: String }
    type Human implements Being { name: String }
    type Query {
      ${Object.keys(ROOT)
        .filter((name) => !/^(strict|integers?|single|level|being|alien)$/.test(name))
        .map((name) => `${name}: String`)
        .join('\n')}
      strict: String!
      integer: Int
      integers: [Int]
      single: Human
      level: Level
      being: Being
      alien: Being
    }
    type Item @key(fields: "id") { id: ID! ${Object.keys(ENTITIES)
      .map((name) => `${name}: String`)
      .join(' ')} }
  `,
  resolvers: noResolvers,
};

export const good: TestSubgraph = {
  name: 'good',
  sdl: `
    type Query { ok: String items: [Item]! }
    type Item @key(fields: "id") { id: ID! name: String }
  `,
  resolvers: {
    Query: { ok: () => 'ok', items: () => [{ id: '1' }, { id: '2' }] },
    Item: { __resolveReference: ({ id }: Reference) => ({ id }), name: ({ id }: Reference) => `item ${id}` },
  },
};
