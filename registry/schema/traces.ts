import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { Change } from './change.ts';
import { isRequired } from './input-changes.ts';

/**
 * Which schema coordinates an operation uses when a change can break it. As gateways report them: fields, arguments, input fields and
 * enum values, those in the values of variables too; the types that its fragments are on and that its variables and literals have;
 * directives.
 */
export interface Traces {
  /** Any of these. */
  readonly any: readonly string[];
  /** Or one of each side, for what only the two together can break. */
  readonly both: readonly { readonly one: readonly string[]; readonly other: readonly string[] }[];
}

/**
 * Makes the function that knows who is hit by a breaking change. An enum value that is only ever answered hits nobody: no operation
 * names it.
 */
export function createTraces(before: GraphQLSchema, after: GraphQLSchema): (change: Change) => Traces {
  const index = indexOf(before);
  const any = (...traits: readonly string[]): Traces => ({ any: [...new Set(traits)], both: [] });

  /** Whoever uses anything of a type, or names it. */
  function usersOf(name: string): string[] {
    const type = before.getType(name);
    if (type === undefined) return [];
    return [name, ...partsOf(type), ...index.taking(name)];
  }

  /** A fragment on one type where the other is expected. */
  const meeting = (one: string, other: string) => ({ one: [one], other: [...index.returning(other), other] });

  return ({ code, coordinate }) => {
    const [owner = '', part = ''] = coordinate.split('.');
    const [field = ''] = coordinate.split('(');
    switch (code) {
      case 'FIELD_REMOVED':
      case 'FIELD_CHANGED_TYPE':
      case 'ARG_REMOVED':
      case 'ARG_CHANGED_TYPE':
      case 'FIELD_REMOVED_FROM_INPUT_OBJECT':
      case 'VALUE_REMOVED_FROM_ENUM':
        return any(coordinate);
      // Who does not give it is hit, and is seen by the field only.
      case 'ARG_CHANGED_TYPE_OPTIONAL_TO_REQUIRED':
      case 'REQUIRED_ARG_ADDED':
        return any(field);
      case 'FIELD_ON_INPUT_OBJECT_CHANGED_TYPE':
        return becomesRequired(before, after, owner, part) ? any(...usersOf(owner)) : any(coordinate);
      case 'TYPE_CHANGED_KIND':
        return any(...usersOf(owner), ...index.returning(owner));
      case 'TYPE_REMOVED_FROM_UNION':
        return { any: [], both: [meeting(part, owner)] };
      case 'TYPE_REMOVED_FROM_INTERFACE':
        return { any: [], both: [meeting(owner, part), meeting(part, owner)] };
      default:
        return coordinate.startsWith('@') ? any(field) : any(...usersOf(owner));
    }
  };
}

function partsOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => `${type.name}.${name}`);
  if (!('getFields' in type)) return [];
  return Object.keys(type.getFields()).map((name) => `${type.name}.${name}`);
}

function becomesRequired(before: GraphQLSchema, after: GraphQLSchema, owner: string, field: string): boolean {
  const [former, own] = [before.getType(owner), after.getType(owner)].map((type) =>
    isInputObjectType(type) ? type.getFields()[field] : undefined,
  );
  return former !== undefined && own !== undefined && isRequired(own) && !isRequired(former);
}

interface Index {
  /** The fields of a type, by their coordinates. */
  returning(type: string): readonly string[];
  /** The arguments and input fields of a type, by their coordinates. */
  taking(type: string): readonly string[];
}

function indexOf(schema: GraphQLSchema): Index {
  const returning = new Map<string, string[]>();
  const taking = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, key: string, value: string) => {
    const known = to.get(key);
    if (known === undefined) to.set(key, [value]);
    else known.push(value);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        add(taking, getNamedType(field.type).name, `${type.name}.${field.name}`);
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        add(returning, getNamedType(field.type).name, `${type.name}.${field.name}`);
        for (const argument of field.args)
          add(taking, getNamedType(argument.type).name, `${type.name}.${field.name}(${argument.name}:)`);
      }
    }
  }
  return { returning: (type) => returning.get(type) ?? [], taking: (type) => taking.get(type) ?? [] };
}
