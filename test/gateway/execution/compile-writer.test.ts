import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  type FieldNode,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { compileWriter } from '../../../gateway/execution/compile-writer.ts';
import { complete } from '../../../gateway/execution/complete.ts';
import type { Json } from '../../../gateway/execution/own.ts';
import { createRandom } from '../../federation/support/random-operation.ts';

/** The two ways to an answer, on the same data: the fast one must give what the general one gives, or nothing. */

const SCHEMA = buildSchema(`
  scalar Anything
  enum Colour { RED GREEN }
  interface Animal { id: ID! name: String! friends: [Animal!] }
  type Cat implements Animal { id: ID! name: String! friends: [Animal!] lives: Int }
  type Dog implements Animal { id: ID! name: String! friends: [Animal!] tricks: [[String!]]! weight: Float! }
  union Pet = Cat | Dog
  type Query {
    int: Int float: Float! string: String boolean: Boolean! id: ID colour: Colour! anything: Anything sure: Anything!
    cat: Cat! dog: Dog animal: Animal animals: [Animal]! pets: [Pet!] matrix: [[Int!]!] cats: [Cat!]!
    constructor: String toString: Cat __proto: String
  }`);
// A name that a subgraph's schema can have, and that every object inherits.
const DOCUMENT = parse(`
  query ($yes: Boolean = true, $no: Boolean = false) {
    int other: int float string boolean id colour anything sure
    cat { ...A lives __typename }
    dog { ...A tricks heavy: weight @include(if: $yes) weight @skip(if: $yes) }
    animal { __typename ...A ... on Dog { weight tricks } ... on Cat { lives: lives lives } }
    animals { ...A }
    pets { __typename ... on Cat { id friends { ...A } } ... on Dog { id name @include(if: $no) } }
    matrix constructor __proto__: string
    toString { id hasOwnProperty: name }
    cats { id }
    cats { name friends { id ... on Animal { name } } }
  }
  fragment A on Animal { id name friends { id name } }`);

const [operation] = DOCUMENT.definitions;
if (operation?.kind !== 'OperationDefinition') throw new TypeError('no operation');
const ROOT = SCHEMA.getQueryType();
if (!ROOT) throw new TypeError('no query type');
const context = {
  apiSchema: SCHEMA,
  fragments: new Map(
    DOCUMENT.definitions.flatMap((node) =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
    ),
  ),
  coercedVariables: { yes: true, no: false },
  keyOf: ({ alias, name }: FieldNode) => (alias ?? name).value,
  refused: new Map(),
};
const writer = compileWriter(context, ROOT, operation.selectionSet);

/** The data of an answer, as text. */
function write(data: Json, shared: ReadonlySet<object>): string | undefined {
  return /^{"data":(.*)}$/s.exec(writer?.(data, shared)?.toString() ?? '')?.[1];
}

function generally(data: Json) {
  return complete(
    { ...context, known: [], introspect: () => null, isInterfaceObject: () => false, isHidden: () => false },
    ROOT as NonNullable<typeof ROOT>,
    (operation as { selectionSet: FieldNode['selectionSet'] & object }).selectionSet,
    data,
  );
}

const KEYS: readonly (readonly [string, string])[] = [
  ...[
    'int',
    'float',
    'string',
    'boolean',
    'id',
    'colour',
    'anything',
    'sure',
    'cat',
    'dog',
    'animal',
    'animals',
    'pets',
  ].map((name) => [name, name] as const),
  ...['matrix', 'constructor', 'toString', 'cats'].map((name) => [name, name] as const),
  ['other', 'int'],
  ['__proto__', 'string'],
];

/** Data for the query: as the schema says, but where `fault` comes true. */
function dataFor(random: () => number, fault: () => boolean): Json {
  const data: Json = {};
  for (const [key, name] of KEYS) set(data, key, anyOf(ROOT?.getFields()[name]?.type as GraphQLOutputType, 3));
  return data;

  function anyOf(type: GraphQLOutputType, depth: number): unknown {
    if (fault()) return pick(random, FAULTS);
    if (isNonNullType(type)) return nonNullOf(type.ofType, depth);
    return random() < 0.15 || depth <= 0 ? null : nonNullOf(type, depth);
  }

  function nonNullOf(type: GraphQLOutputType, depth: number): unknown {
    if (isListType(type)) {
      const length = depth <= 0 ? 0 : Math.floor(random() * 4);
      return Array.from({ length }, () => anyOf(type.ofType, depth - 1));
    }
    if (isEnumType(type)) return pick(random, type.getValues()).name;
    if (isLeafType(type)) return pick(random, LEAVES[type.name] ?? [null]);
    const objectType = isAbstractType(type) ? pick(random, SCHEMA.getPossibleTypes(type)) : type;
    if (!isObjectType(objectType)) throw new TypeError(`no value for ${String(type)}`);
    const object: Json = fault() ? {} : { __typename: objectType.name };
    for (const [name, field] of Object.entries(objectType.getFields())) {
      if (!fault()) set(object, name, anyOf(field.type, depth - 1));
      if (name === 'name') set(object, 'hasOwnProperty', object.name);
      if (name === 'weight') set(object, 'heavy', object.weight);
    }
    return object;
  }
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

function set(object: Json, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

const LEAVES: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, -0, 1, -2_147_483_648, 2_147_483_647],
  Float: [0, -0, 1.5, -1e300, 5e-324, 1e21, 7],
  Boolean: [true, false],
  ID: ['1', 'a"b', 17, 9_007_199_254_740_991],
  String: [
    '',
    'plain',
    'a "quote" and \\',
    'line\nbreak\u2028\u0000\u001f\u007f',
    '\ud800 alone',
    'ok \ud83d\ude00',
    'ünïcödé',
  ],
  Anything: [{ a: [1, { b: null }] }, [], 'text', 3.25, true, { __proto__: null, toJSON: 'x' }],
};
const FAULTS: readonly unknown[] = [
  null,
  undefined,
  1.5,
  2_147_483_648,
  'text',
  true,
  {},
  [],
  [null],
  { __typename: 'Nobody' },
  { __typename: 'Cat' },
  { __typename: 'Animal', id: '1' },
  { __typename: 7 },
  Number.MAX_VALUE,
  'RED',
  'PURPLE',
  [[1], null],
  [{ id: 1 }],
];

describe('the writer of answers', () => {
  it('writes what is as the schema says, just as it is completed', () => {
    const random = createRandom(1);
    for (let round = 0; round < 500; round++) {
      const data = dataFor(random, () => false);
      const completed = generally(data);
      expect(completed.errors).toEqual([]);
      expect(write(data, new Set())).toBe(JSON.stringify(completed.data));
    }
  });

  it('writes what completion gives without an error, or leaves it to completion', () => {
    const random = createRandom(2);
    let written = 0;
    let left = 0;
    for (let round = 0; round < 4_000; round++) {
      const data = dataFor(random, () => random() < 0.01);
      const text = write(data, new Set());
      if (text === undefined) {
        left++;
      } else {
        const completed = generally(data);
        expect(completed.errors).toEqual([]);
        expect(text).toBe(JSON.stringify(completed.data));
        written++;
      }
    }
    expect(Math.min(written, left)).toBeGreaterThan(500);
  });

  it('writes an object that stands at several places for each of them, with what is asked there', () => {
    const cat = { __typename: 'Cat', id: '1', name: 'Tom', friends: null, lives: 9 };
    const data = {
      ...dataFor(createRandom(3), () => false),
      cat,
      animals: [cat, cat],
      animal: cat,
      pets: [cat],
      cats: [cat],
    };
    expect(write(data, new Set([cat]))).toBe(JSON.stringify(generally(data).data));
  });

  it('writes a large answer piece by piece, shared objects and characters of several bytes included', () => {
    const cat = { __typename: 'Cat', id: '1', name: 'Tömchen 🐈 '.repeat(20_000), friends: null, lives: 9 };
    const other = { ...cat, id: '2', name: 'é'.repeat(300_000) };
    const cats = Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? cat : { ...other, lives: index }));
    const data = { ...dataFor(createRandom(4), () => false), animals: cats, cats };
    const text = write(data, new Set<object>([cat, cats]));
    expect(text?.length).toBeGreaterThan(8_000_000);
    expect(text === JSON.stringify(generally(data).data)).toBe(true);
  });

  it('leaves introspection to completion', () => {
    const [introspection] = parse('{ __schema { description } }').definitions;
    if (introspection?.kind !== 'OperationDefinition') throw new TypeError('no operation');
    expect(compileWriter(context, ROOT as NonNullable<typeof ROOT>, introspection.selectionSet)).toBeUndefined();
  });
});
