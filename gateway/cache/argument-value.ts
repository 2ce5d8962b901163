import { type ConstValueNode, type FieldNode, type GraphQLSchema, Kind, type ValueNode } from 'graphql';
import { isObject, type Json, readOwn } from '../execution/own.ts';

/** What arguments are read with. */
export interface ArgumentContext {
  /** As they were sent. */
  readonly variables: Json;
  /** Of the operation's variables. */
  readonly defaults: ReadonlyMap<string, ConstValueNode>;
  readonly schema: GraphQLSchema;
}

/**
 * Finds the value of an argument of a field of `Query`, or a value inside of one: what the operation says, by a variable or
 * itself, else the default of the schema. Numbers keep their digits.
 *
 * @param path the name of the argument, and the names of input fields below it
 * @returns a scalar; anything else (`undefined`, null, a list, an object) as something that is none
 */
export function readArgument(
  { name, arguments: given = [] }: FieldNode,
  [argument = '', ...path]: readonly string[],
  { variables, defaults, schema }: ArgumentContext,
): unknown {
  const written = given.find((each) => each.name.value === argument)?.value;
  const isMissing = written?.kind === Kind.VARIABLE && !Object.hasOwn(variables, written.name.value);
  const value = isMissing ? defaults.get(written.name.value) : written;
  if (value !== undefined) return readIn(value, path, variables);
  const definition = schema
    .getQueryType()
    ?.getFields()
    [name.value]?.args.find((each) => each.name === argument);
  return descend(definition?.defaultValue, path);
}

function readIn(value: ValueNode, path: readonly string[], variables: Json): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return descend(readOwn(variables, value.name.value), path);
    case Kind.OBJECT: {
      const [name, ...rest] = path;
      const field = value.fields.find((each) => each.name.value === name);
      return field === undefined ? undefined : readIn(field.value, rest, variables);
    }
    case Kind.LIST:
    case Kind.NULL:
      return undefined;
    case Kind.FLOAT:
      return path.length === 0 ? Number(value.value) : undefined;
    default:
      return path.length === 0 ? value.value : undefined;
  }
}

function descend(value: unknown, path: readonly string[]): unknown {
  let below = value;
  for (const name of path) below = isObject(below) ? readOwn(below, name) : undefined;
  return below;
}
