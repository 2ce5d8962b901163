import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  type SelectionSetNode,
} from 'graphql';
import { type CollectContext, collectFields } from './collect-fields.ts';
import { quote, toJsonText } from './json-text.ts';
import { isInherited, isObject, type Json, readOwn } from './own.ts';

/**
 * Writes the client's answer as JSON text, straight from the data gathered, when all of it is as the schema says. What is
 * not (a null too many, a wrong scalar, an unknown type, a `@interfaceObject`) is left to `complete`, which is written for
 * clarity and knows every rule; both give the same answer where both give one (test/gateway/execution/compile-writer.test.ts).
 *
 * A hot path: decided per operation once, no paths, no copies (test/bench, w1).
 *
 * @returns `undefined` when `complete` has to be asked
 */
export type Write = (root: Json, shared: ReadonlySet<object>) => string | undefined;

export interface WriterContext extends CollectContext {
  /** The key that a field has in the data; in the answer it has the client's. */
  readonly keyOf: (field: FieldNode) => string;
}

/** @returns `undefined` for an operation with introspection, which `complete` answers */
export function compileWriter(
  context: WriterContext,
  rootType: GraphQLObjectType,
  selectionSet: SelectionSetNode,
): Write | undefined {
  try {
    const writeRoot = compileObject(context, rootType, [selectionSet]);
    return (root, shared) => {
      try {
        return writeRoot(root, shared.size === 0 ? undefined : createMemo(shared));
      } catch (error) {
        if (error === UNFIT) return undefined;
        throw error;
      }
    };
  } catch (error) {
    if (error === UNFIT) return undefined;
    throw error;
  }
}

/** Thrown within this file alone: a value that is not as the schema says. One value, because making an error costs a stack trace. */
const UNFIT = new Error('unfit');

/** What stands at several places is written once. By the writer, too: one object can be asked for different things. */
interface Memo {
  readonly shared: ReadonlySet<object>;
  readonly texts: Map<object, { readonly by: WriteValue; readonly text: string }>;
}

function createMemo(shared: ReadonlySet<object>): Memo {
  return { shared, texts: new Map() };
}

type WriteValue = (value: unknown, memo: Memo | undefined) => string;
type WriteObject = (object: Json, memo: Memo | undefined) => string;

interface Field {
  readonly key: string;
  readonly isInherited: boolean;
  /** `{"key":` for the first, `,"key":` for the others. */
  readonly label: string;
  readonly write: WriteValue;
}

function compileObject(
  context: WriterContext,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): WriteObject {
  const fields: Field[] = [];
  for (const [responseKey, nodes] of collectFields(context, type, selectionSets)) {
    const [node] = nodes;
    if (node === undefined) continue;
    const label = `${fields.length === 0 ? '{' : ','}${JSON.stringify(responseKey)}:`;
    const key = context.keyOf(node);
    fields.push({ key, isInherited: isInherited(key), label, write: compileField(context, type, nodes) });
  }
  if (fields.length === 0) return () => '{}';
  return (object, memo) => {
    let text = '';
    for (const { key, isInherited, label, write } of fields)
      text += label + write(isInherited ? readOwn(object, key) : object[key], memo);
    return `${text}}`;
  };
}

function compileField(context: WriterContext, type: GraphQLObjectType, nodes: readonly FieldNode[]): WriteValue {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') {
    const text = JSON.stringify(type.name);
    return () => text;
  }
  const definition = type.getFields()[name];
  if (definition === undefined) throw UNFIT;
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return compileValue(context, definition.type, selectionSets);
}

function compileValue(
  context: WriterContext,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): WriteValue {
  const isNonNull = isNonNullType(type);
  const write = compilePresent(context, isNonNull ? type.ofType : type, selectionSets);
  return (value, memo) => {
    if (value !== null && value !== undefined) return write(value, memo);
    return isNonNull ? unfit() : 'null';
  };
}

/** Values that are known not to be null. */
function compilePresent(
  context: WriterContext,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): WriteValue {
  if (isListType(type)) {
    const writeItem = compileValue(context, type.ofType, selectionSets);
    return onceWhereShared((value, memo) => {
      if (!Array.isArray(value)) throw UNFIT;
      if (value.length === 0) return '[]';
      let text = '';
      for (const item of value) text += (text === '' ? '[' : ',') + writeItem(item, memo);
      return `${text}]`;
    });
  }
  if (isLeafType(type)) return compileLeaf(type);
  if (isAbstractType(type)) return onceWhereShared(compileAbstract(context, type, selectionSets));
  if (!isObjectType(type)) throw UNFIT;
  const writeObject = compileObject(context, type, selectionSets);
  return onceWhereShared((value, memo) => {
    if (!isObject(value)) throw UNFIT;
    return writeObject(value, memo);
  });
}

function onceWhereShared(write: WriteValue): WriteValue {
  return (value, memo) => {
    if (memo === undefined || !memo.shared.has(value as object)) return write(value, memo);
    const known = memo.texts.get(value as object);
    if (known?.by === write) return known.text;
    const text = write(value, memo);
    memo.texts.set(value as object, { by: write, text });
    return text;
  };
}

/** Each type that comes is compiled once. */
function compileAbstract(
  context: WriterContext,
  type: GraphQLAbstractType,
  selectionSets: readonly SelectionSetNode[],
): WriteValue {
  const { apiSchema } = context;
  const byType = new Map<unknown, WriteObject>();
  return (value, memo) => {
    if (!isObject(value)) throw UNFIT;
    const typename = value.__typename;
    let write = byType.get(typename);
    if (write === undefined) {
      const found = typeof typename === 'string' ? apiSchema.getType(typename) : undefined;
      if (!isObjectType(found) || !apiSchema.isSubType(type, found)) throw UNFIT;
      write = compileObject(context, found, selectionSets);
      byType.set(typename, write);
    }
    return write(value, memo);
  };
}

/** Only what needs no coercion: `serialize` decides the rest. */
function compileLeaf(type: GraphQLLeafType): WriteValue {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
    return (value) => texts.get(value) ?? unfit();
  }
  if (!isSpecifiedScalarType(type)) return toJsonText;
  switch (type.name) {
    case 'Int':
      return (value) => (typeof value === 'number' && (value | 0) === value ? `${value}` : unfit());
    case 'Float':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? `${value}` : unfit());
    case 'Boolean':
      return (value) => (typeof value === 'boolean' ? `${value}` : unfit());
    case 'ID':
      return (value) =>
        typeof value === 'string' ? quote(value) : Number.isSafeInteger(value) ? `"${value}"` : unfit();
    default:
      return (value) => (typeof value === 'string' ? quote(value) : unfit());
  }
}

function unfit(): never {
  throw UNFIT;
}
