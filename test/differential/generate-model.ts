import { randomArguments } from './generate-arguments.ts';
import { addDirectives } from './generate-directives.ts';
import {
  type FieldModel,
  type InterfaceModel,
  type Model,
  namedType,
  type ObjectModel,
  type TypeModel,
  type UnionModel,
} from './model.ts';
import { ensureType, isKnowable } from './presence.ts';
import type { Random } from './random.ts';

const LEAVES = ['Int', 'String', 'Boolean', 'Float', 'ID', 'Color', 'Any'];

/** A random graph. Not every one composes; composition decides. */
export function generateModel(random: Random): Model {
  const subgraphs = 2 + random.below(3);
  const types = new Map<string, TypeModel>();
  const roots = new Map<string, ObjectModel>([['Query', emptyObject('Query')]]);
  if (random.chance(0.3)) roots.set('Mutation', emptyObject('Mutation'));
  const model: Model = { subgraphs, types, roots };

  const values = names('V', random.below(3));
  const entities = names('E', 2 + random.below(3));
  for (const name of values) types.set(name, emptyObject(name));
  types.set('Org', emptyObject('Org'));
  objectOf(model, 'Org').fields.set('code', field('code', 'String!', range(subgraphs)));
  for (const name of entities) types.set(name, entity(name, random));
  for (const name of names('I', random.below(3))) types.set(name, randomInterface(name, entities, model, random));
  if (random.chance(0.5)) types.set('U0', randomUnion('U0', [...entities, ...values], random));

  for (const name of entities) placeEntity(model, objectOf(model, name), random);
  for (const type of types.values()) if (type.kind === 'interface') addInterfaceFields(model, type, random);
  for (const name of values) addFields(model, objectOf(model, name), range(subgraphs), 1 + random.below(3), random);
  for (const name of entities) {
    const type = objectOf(model, name);
    addFields(model, type, [...type.homes.keys()], 1 + random.below(5), random);
  }
  for (const root of roots.values()) {
    for (const subgraph of range(subgraphs)) {
      root.homes.set(subgraph, { keys: [], external: new Set() });
      addFields(model, root, [subgraph], random.below(3), random);
    }
    if (root.fields.size === 0) addFields(model, root, [0], 1, random);
  }
  for (const name of entities) addDirectives(model, objectOf(model, name), random);
  return model;
}

function placeEntity(model: Model, type: ObjectModel, random: Random): void {
  const isMember = [...model.types.values()].some(
    (each) => each.kind === 'interface' && each.members.includes(type.name),
  );
  const mains = interfacesOf(model, type.name).flatMap(({ object }) => object?.main ?? []);
  const banned = interfacesOf(model, type.name).flatMap(({ object }) => object?.subgraph ?? []);
  const allowed = range(model.subgraphs).filter((subgraph) => !banned.includes(subgraph));
  const chosen = new Set([...mains, random.pick(allowed), ...random.some(allowed, 0.5)]);
  for (const subgraph of [...chosen].sort()) {
    const used = isMember ? new Set(['id', ...random.some(type.keys, 0.3)]) : new Set(random.some(type.keys, 0.6));
    if (used.size === 0) used.add(random.pick(type.keys));
    const keys = [...used].map((fields) => ({
      fields,
      isResolvable: (mains.includes(subgraph) && fields === 'id') || random.chance(0.85),
    }));
    if (random.chance(0.5)) keys.reverse();
    type.homes.set(subgraph, { keys, external: new Set() });
    if (used.has('org { code }')) ensureType(model, subgraph, 'Org', random);
  }
}

function addFields(model: Model, type: ObjectModel, homes: readonly number[], count: number, random: Random): void {
  for (let added = 0; added < count; added++) {
    const isRoot = model.roots.has(type.name);
    const isValue = type.keys.length === 0 && !isRoot;
    let owners = isValue ? [...homes] : ownersFrom(homes, random);
    const named = randomNamedType(model, owners, isRoot ? 0.15 : 0.55, random);
    // The planner has no plan for some fragments below a field that one subgraph has as an interface and another as an
    // `@interfaceObject`, and says so.
    const shared = model.types.get(named);
    if (shared?.kind === 'interface' && shared.object !== undefined) {
      if (isValue) continue;
      owners = owners.slice(0, 1);
    }
    // Names repeat from type to type: they meet in fragments, aliases and requirements.
    const name = isRoot ? `${type.name === 'Query' ? 'q' : 'm'}${type.fields.size}` : `f${random.below(9)}`;
    if (type.fields.has(name)) continue;
    const made: FieldModel = { ...field(name, wrap(named, random), owners), arguments: randomArguments(random) };
    type.fields.set(name, made);
    // Of an abstract type, there may be no value that all owners know.
    if (made.type.endsWith('!') && (shared === undefined || shared.kind === 'object'))
      for (const owner of random.some(owners, 0.15)) made.weakIn.add(owner);
    // A value type is had by those who refer to it; until then nobody has its types.
    if (!isValue) for (const owner of owners) ensureType(model, owner, named, random);
  }
}

function ownersFrom(homes: readonly number[], random: Random): number[] {
  const owners = new Set([random.pick(homes)]);
  if (random.chance(0.2)) owners.add(random.pick(homes));
  return [...owners].sort();
}

function randomNamedType(model: Model, owners: readonly number[], leaves: number, random: Random): string {
  if (random.chance(leaves)) return random.pick(LEAVES);
  const known = [...model.types.keys()].filter(
    (name) => name !== 'Org' && owners.every((owner) => isKnowable(model, owner, name)),
  );
  return known.length === 0 ? random.pick(LEAVES) : random.pick(known);
}

function wrap(named: string, random: Random): string {
  const strict = () => (random.chance(0.4) ? '!' : '');
  const inner = `${named}${strict()}`;
  if (random.chance(0.65)) return inner;
  const list = `[${inner}]${strict()}`;
  return random.chance(0.2) ? `[${list}]${strict()}` : list;
}

function entity(name: string, random: Random): ObjectModel {
  const all = ['id', 'sku', 'a b', 'org { code }'];
  const keys = ['id', ...random.some(all.slice(1), 0.3)];
  const type: ObjectModel = { ...emptyObject(name), keys };
  const add = (key: string, sdl: string) => type.fields.set(key, field(key, sdl, []));
  add('id', 'ID!');
  if (keys.includes('sku')) add('sku', 'String!');
  if (keys.includes('a b')) {
    add('a', 'Int!');
    add('b', 'Boolean!');
  }
  if (keys.includes('org { code }')) add('org', 'Org!');
  return type;
}

function randomInterface(name: string, entities: readonly string[], model: Model, random: Random): InterfaceModel {
  const members = random.some(entities, 0.6);
  if (members.length === 0) members.push(random.pick(entities));
  const isFree = ![...model.types.values()].some(({ kind }) => kind === 'interface');
  const subgraph = random.below(model.subgraphs);
  const main = (subgraph + 1 + random.below(model.subgraphs - 1)) % model.subgraphs;
  const object = isFree && random.chance(0.4) ? { subgraph, main } : undefined;
  return { kind: 'interface', name, members, fields: names(`${name.toLowerCase()}f`, 1 + random.below(2)), object };
}

/** The fields that make the interface: the same ones in each member. */
function addInterfaceFields(model: Model, { name, members, fields, object }: InterfaceModel, random: Random): void {
  const extra = object === undefined ? [] : names(`${name.toLowerCase()}x`, 1 + random.below(2));
  for (const each of [...fields, ...extra]) {
    const isExtra = extra.includes(each);
    const type = wrap(
      random.chance(0.8) ? random.pick(LEAVES) : randomNamedType(model, range(model.subgraphs), 0, random),
      random,
    );
    const given = randomArguments(random);
    for (const member of members) {
      const homes = [...objectOf(model, member).homes.keys()];
      const owners = isExtra && object !== undefined ? [object.subgraph] : ownersFrom(homes, random);
      const made = { ...field(each, type, owners), arguments: given, isOfInterfaceObject: isExtra };
      objectOf(model, member).fields.set(each, made);
      for (const owner of owners) ensureType(model, owner, namedType(type), random);
    }
  }
}

function randomUnion(name: string, candidates: readonly string[], random: Random): UnionModel {
  const members = random.some(candidates, 0.5);
  return { kind: 'union', name, members: members.length === 0 ? [random.pick(candidates)] : members };
}

function interfacesOf(model: Model, member: string): InterfaceModel[] {
  return [...model.types.values()].flatMap((type) =>
    type.kind === 'interface' && type.members.includes(member) ? [type] : [],
  );
}

export function objectOf(model: Model, name: string): ObjectModel {
  const type = model.types.get(name) ?? model.roots.get(name);
  if (type?.kind !== 'object') throw new TypeError(`${name} is no object type`);
  return type;
}

function emptyObject(name: string): ObjectModel {
  return { kind: 'object', name, keys: [], fields: new Map(), homes: new Map() };
}

function field(name: string, type: string, owners: number[]): FieldModel {
  return {
    name,
    type,
    arguments: [],
    owners,
    overrides: undefined,
    requires: undefined,
    provides: new Map(),
    isInaccessible: false,
    weakIn: new Set(),
    isOfInterfaceObject: false,
    isProvided: false,
  };
}

function names(prefix: string, count: number): string[] {
  return range(count).map((number) => `${prefix}${number}`);
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
