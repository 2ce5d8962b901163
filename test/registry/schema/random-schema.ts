import type { Random } from '../../differential/random.ts';

/**
 * Small random schemas, as data that can be changed a little: pairs that have much in common are worth comparing, and two that
 * were drawn apart have nothing.
 */
export interface Model {
  readonly objects: readonly Fielded[];
  readonly interfaces: readonly Fielded[];
  readonly unions: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly inputs: readonly { readonly name: string; readonly fields: readonly Value[] }[];
}

interface Fielded {
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly fields: readonly Field[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly args: readonly Value[];
  readonly note: string;
}

interface Value {
  readonly name: string;
  readonly type: string;
  readonly note: string;
}

const WRAPS = [
  (name: string) => name,
  (name: string) => `${name}!`,
  (name: string) => `[${name}]`,
  (name: string) => `[${name}!]!`,
];
const NOTES = ['', '', '', ' @deprecated', ' @deprecated(reason: "old")'];
const COMMON: Field = { name: 'common', type: 'Int', args: [], note: '' };

/** Every object has the fields of its interfaces, so that changing others never makes it invalid. */
export function randomModel(random: Random): Model {
  return {
    objects: ['Query', 'Mutation', 'A', 'B', 'C'].map((name) => ({
      name,
      interfaces: random.some(['I', 'J'], 0.4),
      fields: [COMMON, ...fieldNames(random, 'f').map((field) => randomField(random, field))],
    })),
    interfaces: ['I', 'J'].map((name) => ({ name, interfaces: [], fields: [COMMON] })),
    unions: [{ name: 'U', members: ['A', ...random.some(['B', 'C'], 0.6)] }],
    enums: [{ name: 'E', values: ['P', ...random.some(['Q', 'R'], 0.6)] }],
    inputs: [{ name: 'X', fields: fieldNames(random, 'x').map((field) => randomValue(random, field)) }],
  };
}

function fieldNames(random: Random, letter: string): string[] {
  return [
    `${letter}0`,
    ...random.some(
      [1, 2, 3].map((number) => `${letter}${number}`),
      0.6,
    ),
  ];
}

function randomField(random: Random, name: string): Field {
  const type = random.pick(WRAPS)(random.pick(['Int', 'String', 'A', 'B', 'C', 'I', 'J', 'U', 'E']));
  return {
    name,
    type,
    args: random.some(['a', 'b'], 0.4).map((arg) => randomValue(random, arg)),
    note: random.pick(NOTES),
  };
}

function randomValue(random: Random, name: string): Value {
  const type = random.pick([
    'Int',
    'Int!',
    'Int = 1',
    'Int! = 1',
    'Int! = 2',
    '[Int]',
    '[Int!]',
    'E',
    'E = P',
    'String',
    'X',
  ]);
  return { name, type, note: /!$/.test(type) ? '' : random.pick(NOTES) };
}

/** Changes a few things. */
export function mutate(model: Model, random: Random, times: number): Model {
  let mutated = model;
  for (let time = 0; time < times; time++) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(model: Model, random: Random): Model {
  const one = <Item>(items: readonly Item[], change: (item: Item) => Item): Item[] => {
    const chosen = random.below(items.length);
    return items.map((item, index) => (index === chosen ? change(item) : item));
  };
  const toggle = (names: readonly string[], name: string) =>
    names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
  const values = (items: readonly Value[], letters: readonly string[]) => {
    const name = random.pick(letters);
    const others = items.filter((value) => value.name !== name);
    return random.chance(0.3) && others.length > 0 ? others : [...others, randomValue(random, name)];
  };
  const fields = (items: readonly Field[]) => {
    const name = random.pick(['f0', 'f1', 'f2', 'f3']);
    const known = items.find((field) => field.name === name);
    const others = items.filter((field) => field !== known);
    if (known === undefined) return [...items, randomField(random, name)];
    if (random.chance(0.2)) return others;
    if (random.chance(0.4)) return [...others, { ...known, args: values(known.args, ['a', 'b']) }];
    if (random.chance(0.4)) return [...others, { ...known, note: random.pick(NOTES) }];
    return [...others, { ...known, type: random.pick(WRAPS)(known.type.replace(/[[\]!]/g, '')) }];
  };
  switch (random.below(7)) {
    case 0:
      return {
        ...model,
        enums: one(model.enums, (each) => ({ ...each, values: toggle(each.values, random.pick(['Q', 'R'])) })),
      };
    case 1:
      return {
        ...model,
        unions: one(model.unions, (each) => ({ ...each, members: toggle(each.members, random.pick(['B', 'C'])) })),
      };
    case 2:
      return {
        ...model,
        inputs: one(model.inputs, (each) => ({ ...each, fields: values(each.fields, ['x0', 'x1', 'x2']) })),
      };
    case 3: {
      const name = random.pick(['I', 'J']);
      return {
        ...model,
        objects: one(model.objects, (each) => ({ ...each, interfaces: toggle(each.interfaces, name) })),
      };
    }
    default:
      return { ...model, objects: one(model.objects, (each) => ({ ...each, fields: fields(each.fields) })) };
  }
}

/** The order of things is drawn anew each time. */
export function printModel(model: Model, random: Random): string {
  const shuffled = <Item>(items: readonly Item[]) =>
    items
      .map((item) => ({ item, at: random.below(1_000) }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item);
  const printValue = ({ name, type, note }: Value) => `${name}: ${type}${note}`;
  const printFields = (fields: readonly Field[]) =>
    shuffled(fields).map(({ name, type, args, note }) => {
      const printed = args.length === 0 ? '' : `(${shuffled(args).map(printValue).join(', ')})`;
      return `${name}${printed}: ${type}${note}`;
    });
  const printFielded =
    (keyword: string) =>
    ({ name, interfaces, fields }: Fielded) => {
      const implemented = interfaces.length === 0 ? '' : ` implements ${shuffled(interfaces).join(' & ')}`;
      return `${keyword} ${name}${implemented} { ${printFields(fields).join('\n')} }`;
    };
  return shuffled([
    ...model.objects.map(printFielded('type')),
    ...model.interfaces.map(printFielded('interface')),
    ...model.unions.map(({ name, members }) => `union ${name} = ${shuffled(members).join(' | ')}`),
    ...model.enums.map(({ name, values }) => `enum ${name} { ${shuffled(values).join(' ')} }`),
    ...model.inputs.map(({ name, fields }) => `input ${name} { ${shuffled(fields).map(printValue).join('\n')} }`),
  ]).join('\n');
}
