import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { AccessDecision } from './access-decision.ts';
import { type CollectContext, collectFields } from './collect-fields.ts';
import { MOST_REFUSALS, REFUSED } from './compile-refusals.ts';
import { toSerializable } from './exact-json.ts';
import { locationsOf } from './locations.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import { createPathIndex } from './path-index.ts';
import type { Path, ResponseError } from './subgraph-error.ts';

/**
 * From the data gathered to the answer, by the rules of the specification's value completion (6.4.3): the client's keys in
 * the client's order, lists and nulls as the types say, scalars and enums serialised, errors where a value does not fit.
 */

export interface CompleteContext extends CollectContext {
  /** The key that a field has in the data; in the answer it has the client's. */
  readonly keyOf: (field: FieldNode) => string;
  /** The errors of the fetches: a null that one of them explains needs no error of its own. */
  readonly known: readonly ResponseError[];
  /** Answers `__schema` and `__type`. */
  readonly introspect: (field: FieldNode) => unknown;
  /** Whether some subgraph knows the objects of an interface by that interface only. */
  readonly isInterfaceObject: (name: string) => boolean;
  /** Whether a type exists that clients must not see. */
  readonly isHidden: (typename: string) => boolean;
  /** The fields that were not fetched because this client may not have them, each with what it is told. */
  readonly refused: AccessDecision['refused'];
}

export interface Completed {
  readonly data: Json | null;
  /** The errors that completion found. */
  readonly errors: readonly ResponseError[];
  /** An error for each null that stands where a field was refused. */
  readonly refusals: readonly ResponseError[];
}

/** Thrown within this file alone: a null where the type allows none, on its way to the nearest place that allows it. */
class NullPropagation extends Error {}

interface Field {
  readonly type: GraphQLOutputType;
  readonly nodes: readonly FieldNode[];
  readonly parent: GraphQLObjectType | GraphQLInterfaceType;
}

export function complete(
  context: CompleteContext,
  rootType: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  data: Json,
): Completed {
  const errors: ResponseError[] = [];
  const refusals: ResponseError[] = [];
  // One error for one field (specification, 6.4.4): whoever reported at, above or below a place has said why it is null.
  const explained = createPathIndex(context.known.map(({ path = [] }) => path));

  function completeObject(
    type: GraphQLObjectType | GraphQLInterfaceType,
    selectionSets: readonly SelectionSetNode[],
    source: Json,
    path: Path,
  ): Json {
    const result: Json = {};
    for (const [key, nodes] of collectFields(context, type, selectionSets)) {
      const [node] = nodes;
      const name = node?.name.value ?? '';
      if (name === '__typename') {
        if (isInterfaceType(type)) unknownType(type, nodes, [...path, key]);
        writeOwn(result, key, type.name);
      } else if (node !== undefined && (name === '__schema' || name === '__type')) {
        writeOwn(result, key, context.introspect(node));
      } else {
        const definition = type.getFields()[name];
        if (definition === undefined || node === undefined) continue;
        const field = { type: definition.type, nodes, parent: type };
        const value = isRefused(field, [...path, key]) ? null : readOwn(source, context.keyOf(node));
        writeOwn(result, key, completeField(field, value, [...path, key]));
      }
    }
    return result;
  }

  /** What is asked for at several places of the operation is refused when it is at one. */
  function isRefused({ nodes }: Field, path: Path): boolean {
    if (context.refused.size === 0) return false;
    const message = nodes.map((node) => context.refused.get(node)).find((told) => told !== undefined);
    if (message === undefined) return false;
    if (refusals.length < MOST_REFUSALS)
      refusals.push({ message, path, locations: locationsOf(nodes), extensions: { code: REFUSED } });
    explained.add(path);
    return true;
  }

  /** A place where a null may stand stops one that comes from below. */
  function completeField(field: Field, value: unknown, path: Path): unknown {
    try {
      return completeValue(field, value, path);
    } catch (error) {
      if (error instanceof NullPropagation && !isNonNullType(field.type)) return null;
      throw error;
    }
  }

  function completeValue(field: Field, value: unknown, path: Path): unknown {
    const { type } = field;
    if (isNonNullType(type)) {
      const completed = completeValue({ ...field, type: type.ofType }, value, path);
      if (completed !== null) return completed;
      if (!explained.touches(path)) fail(field, path, `Cannot return null for non-nullable field ${nameOf(field)}.`);
      throw new NullPropagation();
    }
    if (value === null || value === undefined) return null;
    if (isListType(type)) {
      if (!Array.isArray(value)) return fail(field, path, `Expected a list for field ${nameOf(field)}.`);
      return value.map((item: unknown, index) =>
        completeField({ ...field, type: type.ofType }, item, [...path, index]),
      );
    }
    if (isLeafType(type)) return completeLeaf(field, type, value, path);
    if (!isObject(value)) return fail(field, path, `Expected an object for field ${nameOf(field)}.`);
    const objectType = isAbstractType(type) ? resolveType(field, type, value, path) : type;
    if (objectType === null) return null;
    const selectionSets = field.nodes.flatMap((node) => node.selectionSet ?? []);
    return completeObject(objectType, selectionSets, value, path);
  }

  function completeLeaf(field: Field, type: GraphQLLeafType, value: unknown, path: Path): unknown {
    try {
      const serialized: unknown = type.serialize(toSerializable(type, value));
      return serialized === undefined
        ? fail(field, path, `Cannot serialise the value of field ${nameOf(field)}.`)
        : serialized;
    } catch (error) {
      return fail(field, path, error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * The type of an object by its `__typename`. That of an `@interfaceObject` may not be known: such a one has the fields of
   * the interface.
   */
  function resolveType(
    field: Field,
    type: GraphQLAbstractType,
    value: Json,
    path: Path,
  ): GraphQLObjectType | GraphQLInterfaceType | null {
    const typename = readOwn(value, '__typename') ?? (context.isInterfaceObject(type.name) ? type.name : undefined);
    const found = typeof typename === 'string' ? context.apiSchema.getType(typename) : undefined;
    if (isObjectType(found) && context.apiSchema.isSubType(type, found)) return found;
    if (
      isInterfaceType(found) &&
      context.isInterfaceObject(found.name) &&
      (found === type || context.apiSchema.isSubType(type, found))
    )
      return found;
    // An object of an inaccessible type is not there for clients; to say more would tell that it is.
    if (typeof typename === 'string' && context.isHidden(typename)) return null;
    return fail(
      field,
      path,
      `The value of field ${nameOf(field)} has no __typename of a type that ${type.name} includes.`,
    );
  }

  /** `__typename` is never null: the object is lost. */
  function unknownType(type: GraphQLInterfaceType, nodes: readonly FieldNode[], path: Path): never {
    const field = { type: GraphQLString, nodes, parent: type };
    if (!explained.touches(path))
      fail(field, path, `A value of the interface ${type.name} has no __typename of its own.`);
    throw new NullPropagation();
  }

  function fail({ nodes }: Field, path: Path, message: string): null {
    errors.push({ message, path, locations: locationsOf(nodes), extensions: { code: 'INVALID_VALUE' } });
    explained.add(path);
    return null;
  }

  try {
    return { data: completeObject(rootType, [selectionSet], data, []), errors, refusals };
  } catch (error) {
    if (error instanceof NullPropagation) return { data: null, errors, refusals };
    throw error;
  }
}

function nameOf({ parent, nodes }: Field): string {
  return `${parent.name}.${nodes[0]?.name.value ?? ''}`;
}
