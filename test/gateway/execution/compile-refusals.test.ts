import { describe, expect, it } from '@jest/globals';
import { buildSchema, type FieldNode, parse, visit } from 'graphql';
import { compileRefusals } from '../../../gateway/execution/compile-refusals.ts';
import { compileWriter } from '../../../gateway/execution/compile-writer.ts';
import { complete } from '../../../gateway/execution/complete.ts';
import type { Json } from '../../../gateway/execution/own.ts';
import { createRandom } from '../../federation/support/random-operation.ts';

/** The two ways to an answer of which something is refused: the fast one gives what the general one gives, errors included, or leaves it to that. */

const SCHEMA = buildSchema(`
  interface Animal { id: ID! name: String friends: [Animal!] }
  type Cat implements Animal { id: ID! name: String friends: [Animal!] lives: Int }
  type Dog implements Animal { id: ID! name: String friends: [Animal!] tricks: [[String!]] weight: Float! }
  union Pet = Cat | Dog
  type Query { string: String cat: Cat animals: [Animal] pets: [[Pet!]] secret: String constructor: String }`);
const DOCUMENT = parse(`{
  string other: string constructor
  cat { id ...A lives friends { name } }
  animals { __typename id ...A ... on Dog { weight tricks } ... on Cat { n: lives } }
  pets { __typename ... on Cat { id friends { __typename ...A } } ... on Dog { aName: name } }
} fragment A on Animal { name friends { __typename id name } }`);

const [operation] = DOCUMENT.definitions;
const ROOT = SCHEMA.getQueryType();
if (operation?.kind !== 'OperationDefinition' || !ROOT) throw new TypeError('no operation');
const { selectionSet } = operation;
const fragments = new Map(
  DOCUMENT.definitions.flatMap((node) =>
    node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
  ),
);
const NODES: FieldNode[] = [];
visit(DOCUMENT, { Field: (node) => void (node.name.value === '__typename' || NODES.push(node)) });

/** Of every animal, by the fragment. */
const NAME = new Map(
  fragments
    .get('A')
    ?.selectionSet.selections.flatMap((node) =>
      node.kind === 'Field' && node.name.value === 'name' ? [[node, 'no'] as const] : [],
    ),
);

function answer(refused: ReadonlyMap<FieldNode, string>, data: Json) {
  const keyOf = ({ alias, name }: FieldNode) => (alias ?? name).value;
  const context = { apiSchema: SCHEMA, fragments, coercedVariables: {}, keyOf, refused };
  const general = complete(
    { ...context, known: [], introspect: () => null, isInterfaceObject: () => false, isHidden: () => false },
    ROOT as NonNullable<typeof ROOT>,
    selectionSet,
    data,
  );
  const written = compileWriter(context, ROOT as NonNullable<typeof ROOT>, selectionSet)?.(data, new Set());
  const found = compileRefusals(context, ROOT as NonNullable<typeof ROOT>, selectionSet)?.(data) ?? [];
  return { general, written: written?.toString(), found };
}

const animal = (depth: number): Json => ({
  ...{ __typename: depth % 2 === 0 ? 'Cat' : 'Dog', id: `${depth}`, name: 'Tom', aName: 'Rex', lives: 9, n: 7 },
  ...{ weight: 2.5, tricks: [['sit'], null] },
  friends: depth === 0 ? [] : [animal(depth - 1), animal(Math.max(depth - 2, 0))],
});
const DATA: Json = {
  ...{ string: 'a', other: 'b', constructor: 'c', cat: animal(2), animals: [animal(3), null, animal(2)] },
  pets: [[animal(2), animal(3)], null, []],
};

describe('an answer of which something is refused', () => {
  it('has the same errors and the same data by the fast way as by the general one', () => {
    const next = createRandom(7);
    let written = 0;
    for (let round = 0; round < 300; round++) {
      const chosen = NODES.filter(() => next() < 0.15);
      const refused = new Map(chosen.map((node, index) => [node, `Field "${index}" is not for you.`]));
      const fast = answer(refused, DATA);
      if (fast.written === undefined) continue;
      written++;
      expect(fast.written).toBe(JSON.stringify({ data: fast.general.data }));
      expect(fast.found).toEqual(fast.general.refusals.map((error) => JSON.stringify(error)));
    }
    expect(written).toBeGreaterThan(50);
  });

  it('is left to the general way when something refused cannot be null', () => {
    const [id] = NODES.filter(({ name }) => name.value === 'id');
    if (id === undefined) throw new TypeError('there is an id');
    const { general, written } = answer(new Map([[id, 'no']]), DATA);
    expect([general.data?.cat, general.refusals.length, written]).toEqual([null, 1, undefined]);
  });

  it('tells a thousand errors at most', () => {
    const data = { ...DATA, animals: Array.from({ length: 2_000 }, () => animal(0)) };
    const { general, found } = answer(NAME, data);
    expect([general.refusals.length, found.length]).toEqual([1_000, 1_000]);
    expect(found).toEqual(general.refusals.map((error) => JSON.stringify(error)));
  });

  it('has none where nothing refused is reached', () => {
    const { written, found } = answer(NAME, {
      ...DATA,
      cat: null,
      animals: [],
      pets: null,
    });
    expect([found, JSON.parse(written ?? '')]).toEqual([
      [],
      { data: { string: 'a', other: 'b', constructor: 'c', cat: null, animals: [], pets: null } },
    ]);
  });
});
