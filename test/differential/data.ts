import {
  type ArgumentNode,
  buildSchema,
  type GraphQLInputType,
  Kind,
  parseType,
  parseValue,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import { parseFieldSet } from '../../planning/field-sets.ts';
import type { FaultAt } from './faults.ts';
import { COMMON_SDL, ENTITIES, type FieldModel, isLeafName, type Model, type ObjectModel } from './model.ts';
import { possibleTypes } from './presence.ts';
import { hash } from './random.ts';

/** An object of the data: of an entity one of a few, of a value type any. */
export interface Instance {
  readonly $type: string;
  readonly $number: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** The one set of data that all subgraphs are views of: computed from names and numbers, never kept. */
export interface Data {
  /** @param required what a field that requires has received */
  valueOf(instance: Instance, field: FieldModel, given: Arguments, required?: string): unknown;
  /** What a field set says of an object, as text. Of a representation it is read by `describe`. */
  requirementOf(instance: Instance, fieldSet: string): string;
  /** The entity that has what a representation says, by one of these keys. */
  find(type: string, representation: Arguments, keys: readonly string[]): Instance | undefined;
}

const types = new Map<string, TypeNode>();
const fieldSets = new Map<string, SelectionSetNode>();

export function createData(model: Model, faultAt?: FaultAt): Data {
  function typeOf(name: string): ObjectModel {
    const type = model.types.get(name) ?? model.roots.get(name);
    if (type?.kind !== 'object') throw new TypeError(`${name} is no object type`);
    return type;
  }

  function resolve(instance: Instance, field: FieldModel, given: Arguments, required?: string): unknown {
    const { $type, $number } = instance;
    const key = keyValue(instance, field.name);
    if (key !== undefined && typeOf($type).keys.length > 0 && field.owners.length === 0) return key;
    if ($type === 'Org') return `code ${$number}`;
    const fault = faultAt?.(instance, field);
    if (fault === 'throw') throw new Error(`${$type}.${field.name} fails`);
    if (fault !== undefined) return fault === 'null' ? null : { wrong: 'value' };
    const needed = required ?? (field.requires === undefined ? '' : requirementOf(instance, field.requires));
    const seed = hash($type, $number, field.name, canonical(given), needed);
    return generate(known(types, field.type, parseType), typeOf($type).homes, field, seed, true);
  }

  function generate(
    type: TypeNode,
    homes: ObjectModel['homes'],
    field: FieldModel,
    seed: number,
    isNullable: boolean,
  ): unknown {
    if (type.kind === Kind.NON_NULL_TYPE) return generate(type.type, homes, field, seed, false);
    if (isNullable && hash(seed, 'null') % 7 === 0) return null;
    if (type.kind === Kind.LIST_TYPE) {
      const length = hash(seed, 'length') % 4;
      return Array.from({ length }, (_, index) => generate(type.type, homes, field, hash(seed, index), true));
    }
    const name = type.name.value;
    if (isLeafName(name)) return leaf(name, seed);
    const all = field.overrides === undefined ? field.owners : [...field.owners, field.overrides];
    // Who has an `@interfaceObject` knows none of its types, but owns fields of them.
    const owners = field.isOfInterfaceObject ? all : all.filter((owner) => homes.has(owner));
    const possible = possibleTypes(model, name, owners);
    const chosen = possible[hash(seed, 'type') % possible.length];
    if (chosen === undefined) return null;
    return { $type: chosen, $number: typeOf(chosen).keys.length > 0 ? seed % ENTITIES : seed };
  }

  function requirementOf(instance: Instance, fieldSet: string): string {
    return canonical(select(instance, known(fieldSets, fieldSet, parseFieldSet)));
  }

  function select(value: unknown, { selections }: SelectionSetNode): unknown {
    if (Array.isArray(value)) return value.map((item) => select(item, { kind: Kind.SELECTION_SET, selections }));
    if (value === null) return null;
    const instance = value as Instance;
    const selected: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) continue;
      const name = selection.name.value;
      if (name === '__typename') {
        selected[name] = instance.$type;
        continue;
      }
      const field = typeOf(instance.$type).fields.get(name);
      if (field === undefined) throw new TypeError(`${instance.$type} has no ${name}`);
      const inner = resolve(instance, field, coerceArguments(field, selection.arguments));
      selected[name] = selection.selectionSet === undefined ? inner : select(inner, selection.selectionSet);
    }
    return selected;
  }

  function find(type: string, representation: Arguments, keys: readonly string[]): Instance | undefined {
    for (const key of keys) {
      const wanted = describe(representation, key);
      if (wanted.includes('"absent"')) continue;
      for (let $number = 0; $number < ENTITIES; $number++) {
        const instance = { $type: type, $number };
        if (requirementOf(instance, key) === wanted) return instance;
      }
    }
    return undefined;
  }

  return { valueOf: resolve, requirementOf, find };
}

/** What a field set says of a representation, as `requirementOf` says it of an object; what is not there is "absent". */
export function describe(representation: unknown, fieldSet: string): string {
  return canonical(pickFrom(representation, known(fieldSets, fieldSet, parseFieldSet)));
}

function pickFrom(value: unknown, selectionSet: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((item) => pickFrom(item, selectionSet));
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Record<string, unknown>;
  const picked: Record<string, unknown> = {};
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.name.value;
    const inner = Object.hasOwn(source, name) ? source[name] : 'absent';
    picked[name] = selection.selectionSet === undefined ? inner : pickFrom(inner, selection.selectionSet);
  }
  return picked;
}

const inputs = buildSchema(`${COMMON_SDL} type Query { none(a: ID, b: Float, c: String, d: Boolean): Int }`);

/** As graphql-js gives them to a resolver (specification, 6.4.1). */
function coerceArguments({ arguments: defined }: FieldModel, nodes: readonly ArgumentNode[] = []): Arguments {
  const coerced: Record<string, unknown> = {};
  for (const { name, type, defaultValue } of defined) {
    const input = typeFromAST(inputs, parseType(type)) as GraphQLInputType;
    const node = nodes.find((each) => each.name.value === name);
    if (node !== undefined) coerced[name] = valueFromAST(node.value, input);
    else if (defaultValue !== undefined) coerced[name] = valueFromAST(parseValue(defaultValue), input);
  }
  return coerced;
}

function keyValue({ $type, $number }: Instance, name: string): unknown {
  switch (name) {
    case 'id':
      return `${$type}:${$number}`;
    case 'sku':
      return `sku-${$number}`;
    case 'a':
      return $number >> 1;
    case 'b':
      return ($number & 1) === 1;
    case 'org':
      return { $type: 'Org', $number: $number * 10 };
    default:
      return undefined;
  }
}

function leaf(name: string, seed: number): unknown {
  switch (name) {
    case 'Int':
      return (seed % 2001) - 1000;
    case 'Float':
      return (seed % 2001) / 8;
    case 'Boolean':
      return seed % 2 === 0;
    case 'Color':
      return ['RED', 'GREEN', 'BLUE'][seed % 3];
    case 'Any':
      return [{ any: seed % 5, deep: [{ x: null }] }, [1, 'two', null], 'text', 1.5, false][seed % 5];
    default:
      return `${name.toLowerCase()} ${seed % 1000}`;
  }
}

/** JSON with the keys in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function known<Value>(memo: Map<string, Value>, text: string, make: (text: string) => Value): Value {
  const found = memo.get(text) ?? make(text);
  memo.set(text, found);
  return found;
}
