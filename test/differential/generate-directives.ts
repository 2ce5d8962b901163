import { literalArguments } from './generate-arguments.ts';
import { type FieldModel, type Home, isLeafName, type Model, namedType, type ObjectModel } from './model.ts';
import { ensureType, isKnowable } from './presence.ts';
import type { Random } from './random.ts';

/** Adds `@requires`, `@provides`, `@override` and `@inaccessible` to an entity, where they can stand. */
export function addDirectives(model: Model, type: ObjectModel, random: Random): void {
  for (const [subgraph, home] of type.homes) {
    const isStub = home.keys.every(({ isResolvable }) => !isResolvable);
    for (let count = random.below(3); count > 0 && !isStub; count--) addRequirer(model, type, subgraph, random);
  }
  const fields = [...type.fields.values()].filter(
    (field) => !isKeyField(type, field) && !isOfInterface(model, type, field),
  );
  for (const field of fields) {
    if (random.chance(0.1)) addOverride(type, field, random);
    if (random.chance(0.06) && isLeafName(namedType(field.type))) field.isInaccessible = true;
  }
  for (const field of type.fields.values()) if (random.chance(0.35)) addProvides(model, field, random);
}

function addRequirer(model: Model, type: ObjectModel, subgraph: number, random: Random): void {
  const home = type.homes.get(subgraph);
  const requires = home && requirement(model, type, subgraph, 2, random);
  const name = `r${[...type.fields.values()].filter((field) => field.requires !== undefined).length}`;
  if (!requires || type.fields.has(name)) return;
  type.fields.set(name, {
    name,
    type: random.pick(['String', 'Int', 'Int!', 'String!', '[String!]']),
    arguments: random.chance(0.2) ? [{ name: 'x', type: 'Int', defaultValue: '1' }] : [],
    owners: [subgraph],
    overrides: undefined,
    requires,
    provides: new Map(),
    isInaccessible: false,
    weakIn: new Set(),
    isOfInterfaceObject: false,
    isProvided: false,
  });
}

/** A field set of what other subgraphs know of the entity; what is required can itself require. */
function requirement(model: Model, type: ObjectModel, subgraph: number, depth: number, random: Random): string {
  const home = type.homes.get(subgraph);
  if (home === undefined) return '';
  const candidates = [...type.fields.values()].filter(
    (field) =>
      !field.owners.includes(subgraph) &&
      field.owners.length > 0 &&
      field.overrides === undefined &&
      !field.isOfInterfaceObject &&
      isKnowable(model, subgraph, namedType(field.type)),
  );
  const texts = random
    .some(candidates, 0.5)
    .slice(0, 2)
    .flatMap((field) => {
      const below = selectionOf(model, namedType(field.type), subgraph, depth - 1, random);
      if (below === undefined) return [];
      home.external.add(field.name);
      ensureType(model, subgraph, namedType(field.type), random);
      return [`${field.name}${literalArguments(field.arguments, random)}${below}`];
    });
  return texts.join(' ');
}

/** What to require below a field of this type: nothing for a leaf, `undefined` where there is nothing to require. */
function selectionOf(model: Model, name: string, subgraph: number, depth: number, random: Random): string | undefined {
  if (isLeafName(name)) return '';
  const type = model.types.get(name);
  if (depth <= 0 || type === undefined) return undefined;
  ensureType(model, subgraph, name, random);
  if (type.kind === 'interface') return type.object?.subgraph === subgraph ? undefined : ' { id }';
  if (type.kind === 'union') return ' { __typename }';
  if (type.keys.length > 0) {
    const home = type.homes.get(subgraph);
    const key = home === undefined ? undefined : random.pick(home.keys).fields;
    const more = requirement(model, type, subgraph, depth, random);
    return ` { ${random.chance(0.5) && more !== '' ? more : `${key} ${more}`} }`;
  }
  const fields = [...type.fields.values()].flatMap((field) => {
    const below = selectionOf(model, namedType(field.type), subgraph, depth - 1, random);
    return below === undefined ? [] : [`${field.name}${literalArguments(field.arguments, random)}${below}`];
  });
  const some = random.some(fields, 0.6);
  return fields.length === 0 ? undefined : ` { ${(some.length === 0 ? fields : some).join(' ')} }`;
}

function addProvides(model: Model, field: FieldModel, random: Random): void {
  const type = model.types.get(namedType(field.type));
  const owner = field.owners[0];
  if (type?.kind !== 'object' || type.keys.length === 0 || owner === undefined) return;
  const home: Home | undefined = type.homes.get(owner);
  const candidates = [...type.fields.values()].filter(
    (each) =>
      isLeafName(namedType(each.type)) &&
      each.arguments.length === 0 &&
      each.requires === undefined &&
      each.overrides === undefined &&
      !each.isOfInterfaceObject &&
      !isKeyField(type, each) &&
      !each.owners.includes(owner) &&
      isReachable(type, home, each),
  );
  if (candidates.length === 0 || home === undefined) return;
  const provided = random.pick(candidates);
  home.external.add(provided.name);
  provided.isProvided = true;
  field.provides.set(owner, provided.name);
}

/**
 * Composition accepts a graph in which an external field that is provided somewhere can be had nowhere else, and the planner
 * then asks for it where it is not provided: no answer to that is right.
 */
function isReachable(type: ObjectModel, from: Home | undefined, field: FieldModel): boolean {
  return field.owners.some((owner) =>
    type.homes
      .get(owner)
      ?.keys.some((key) => key.isResolvable && from?.keys.some(({ fields }) => fields === key.fields)),
  );
}

function addOverride(type: ObjectModel, field: FieldModel, random: Random): void {
  const [owner, ...others] = field.owners;
  const from = [...type.homes].filter(([subgraph, home]) => subgraph !== owner && !home.external.has(field.name));
  if (others.length > 0 || from.length === 0 || field.requires !== undefined || field.isProvided) return;
  if (!isLeafName(namedType(field.type))) return;
  field.overrides = random.pick(from)[0];
}

export function isKeyField({ keys }: ObjectModel, { name }: FieldModel): boolean {
  return keys.some((key) => key.split(' ').includes(name));
}

function isOfInterface(model: Model, type: ObjectModel, { name }: FieldModel): boolean {
  return [...model.types.values()].some(
    (each) =>
      each.kind === 'interface' &&
      each.members.includes(type.name) &&
      (each.fields.includes(name) || name.startsWith(`${each.name.toLowerCase()}x`)),
  );
}
