import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'fields of two subgraphs under each other’s names',
    query: '{ circle { extent: colour colour: extent } }',
    data: { circle: { extent: 'red', colour: 'round' } },
  },
  {
    name: 'one field twice with different arguments',
    query: '{ circle { size long: size(unit: "mm") coats lacquer: coats(of: "lacquer") } }',
    data: { circle: { size: 1.5, long: 1500.5, coats: 1, lacquer: 9 } },
  },
  {
    name: 'root fields of two subgraphs under each other’s names',
    query: '{ paints: scale(by: 4) scale: paints other: scale }',
    data: { paints: 8, scale: ['red', 'blue'], other: 2 },
  },
  {
    name: 'one key with a different type in each implementation is refused',
    query: '{ shapes { ... on Circle { extent } ... on Square { extent } } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'Fields "extent" conflict' }],
  },
  {
    name: 'one name with a different type in each implementation, told apart by aliases',
    query: '{ shapes { ... on Circle { text: extent kind } ... on Square { list: extent word: kind } } }',
    data: {
      shapes: [
        { text: 'round', kind: 1 },
        { list: [3, 4], word: 'square' },
      ],
    },
  },
  {
    name: 'one key for fields of different names, below a union',
    query: '{ things { ... on Circle { a: extent b: colour } ... on Square { a: colour b: kind } } }',
    data: {
      things: [
        { a: 'blue', b: 'square' },
        { a: 'round', b: 'red' },
      ],
    },
  },
  {
    name: 'one key for objects of two subgraphs by type condition',
    query: '{ shapes { ... on Circle { part: detail { text } } ... on Square { part: layer { gloss } } } }',
    data: { shapes: [{ part: { text: 'one' } }, { part: { gloss: 6 } }] },
  },
  {
    name: 'one key for scalars by type condition, whose nullable types agree',
    query: '{ shapes { ... on Circle { x: coats y: kind } ... on Square { x: size y: coats(of: "lacquer") } } }',
    data: {
      shapes: [
        { x: 1, y: 1 },
        { x: 2, y: 8 },
      ],
    },
  },
  {
    name: 'an alias that looks like federation’s own names',
    query: '{ circle { _entities: colour __representations: extent } }',
    data: { circle: { _entities: 'red', __representations: 'round' } },
  },
  {
    name: 'names that every JavaScript object has',
    query:
      '{ circle { constructor: colour toString: extent __proto__: kind hasOwnProperty: coats valueOf: detail { __proto__: text } } }',
    data: {
      circle: JSON.parse(
        '{ "constructor": "red", "toString": "round", "__proto__": 1, "hasOwnProperty": 1, "valueOf": { "__proto__": "one" } }',
      ),
    },
  },
  {
    name: 'the same field at the same key, asked for twice in parts, is one object',
    query:
      '{ circle { detail { text } detail { number } ... on Shape { id } } circle { detail { text number } colour } }',
    data: { circle: { detail: { text: 'one', number: 1 }, id: 'c', colour: 'red' } },
  },
  {
    name: 'an entity under two keys, each with other parts',
    query: '{ one: circle { colour } two: circle(size: 5) { coats detail { number } } }',
    data: { one: { colour: 'red' }, two: { coats: 1, detail: { number: 1 } } },
  },
  {
    name: 'an alias equal to the key’s name in a type that is no entity there',
    query: '{ circle { detail { id: text } layer { id: gloss } } }',
    data: { circle: { detail: { id: 'one' }, layer: { id: 5 } } },
  },
];
