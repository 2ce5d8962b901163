import { parse, visit } from 'graphql';
import type { Instance } from './data.ts';
import { type FieldModel, isLeafName, type Model, namedType, type ObjectModel } from './model.ts';
import { hash } from './random.ts';

/** What goes wrong in a resolver: it throws, gives null whatever its type is, or gives something that its type is not. */
export type Fault = 'throw' | 'null' | 'wrong';

/** Tells what goes wrong at a field of an object, if anything does: the same in each subgraph and in the merged schema. */
export type FaultAt = (instance: Instance, field: FieldModel) => Fault | undefined;

const KINDS: readonly Fault[] = ['throw', 'null', 'wrong'];

/**
 * Scatters faults over a graph, where it is defined what becomes of them: not in keys nor in what is required or provided,
 * which a client may not even see. Fields become equally strict in all subgraphs: where one is stricter than the others, it
 * takes away more than one schema would. And a null that may not be takes away an object that another field requires, when it
 * is fetched with it.
 */
export function scatterFaults(model: Model, seed: number): FaultAt {
  const objects = [...model.types.values(), ...model.roots.values()].filter(
    (type): type is ObjectModel => type.kind === 'object',
  );
  const spared = new Set(['code']);
  let isNested = false;
  for (const { keys, fields } of objects) {
    const sets = [...fields.values()].flatMap(({ requires, provides }) => [requires, ...provides.values()]);
    isNested ||= sets.some((set) => set?.includes('{') === true);
    for (const set of [...keys, ...sets]) for (const name of namesIn(set)) spared.add(name);
    for (const field of fields.values()) field.weakIn.clear();
  }
  return ({ $type, $number }, { name, type }) => {
    if (spared.has(name) || (isNested && type.includes('!'))) return undefined;
    const chance = hash(seed, $type, $number, name);
    if (chance % 6 !== 0) return undefined;
    const kind = KINDS[hash(chance) % KINDS.length];
    return kind === 'wrong' && !isLeafName(namedType(type)) ? 'throw' : kind;
  };
}

function namesIn(fieldSet: string | undefined): string[] {
  const names: string[] = [];
  if (fieldSet) visit(parse(`{ ${fieldSet} }`), { Field: ({ name }) => void names.push(name.value) });
  return names;
}
