import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  type NamedTypeNode,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { isObject, type Json, readOwn } from '../execution/own.ts';

/** Adds what variables use of the schema: input fields and enum values by their coordinates, never a value of any other kind. */
export type GatherFromVariables = (variables: Json, coordinates: Set<string>) => void;

/** Adds what one value uses. */
type Gather = (value: unknown, coordinates: Set<string>) => void;

/**
 * Compiles it for an operation; `undefined` when its variables have neither. On the way of each request of such an operation: it walks what
 * the client sent, and makes no text.
 */
export function compileVariableGatherer(
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema,
): GatherFromVariables | undefined {
  const gatherers = variableDefinitions.flatMap(({ variable, type }) => {
    const declared = typeFromAST(schema, type as NamedTypeNode) as GraphQLInputType | undefined;
    const gather = declared === undefined ? undefined : gathererOf(declared);
    return gather === undefined ? [] : [{ name: variable.name.value, gather }];
  });
  if (gatherers.length === 0) return undefined;
  return (variables, coordinates) => {
    for (const { name, gather } of gatherers) gather(readOwn(variables, name), coordinates);
  };
}

/** By type, which dies with its schema. */
const known = new WeakMap<object, Gather>();

function gathererOf(type: GraphQLInputType): Gather | undefined {
  const named = getNamedType(type);
  if (!isInputObjectType(named) && !isEnumType(named)) return undefined;
  const before = known.get(named);
  if (before !== undefined) return before;
  const gatherOne = isEnumType(named)
    ? gatherWords(new Map(named.getValues().map(({ name }) => [name, `${named.name}.${name}`])))
    : gatherFields(() =>
        Object.values(named.getFields()).map((field) => ({
          name: field.name,
          coordinate: `${named.name}.${field.name}`,
          below: gathererOf(field.type),
        })),
      );
  const gather: Gather = (value, coordinates) => {
    if (!Array.isArray(value)) return gatherOne(value, coordinates);
    for (const item of value) gather(item, coordinates);
  };
  known.set(named, gather);
  return gather;
}

function gatherWords(coordinateOf: ReadonlyMap<unknown, string>): Gather {
  return (value, coordinates) => {
    const coordinate = coordinateOf.get(value);
    if (coordinate !== undefined) coordinates.add(coordinate);
  };
}

interface InputField {
  readonly name: string;
  readonly coordinate: string;
  readonly below: Gather | undefined;
}

/** @param list asked when a value comes: an input type may contain itself */
function gatherFields(list: () => readonly InputField[]): Gather {
  let fields: readonly InputField[] | undefined;
  return (value, coordinates) => {
    if (!isObject(value)) return;
    fields ??= list();
    for (const { name, coordinate, below } of fields) {
      if (!Object.hasOwn(value, name)) continue;
      coordinates.add(coordinate);
      below?.(value[name], coordinates);
    }
  };
}
