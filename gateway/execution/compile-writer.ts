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
import type { AccessDecision } from './access-decision.ts';
import { type CollectContext, collectFields } from './collect-fields.ts';
import { quote, toJsonText } from './json-text.ts';
import { isInherited, isObject, type Json, readOwn } from './own.ts';

/**
 * Writes the client's answer as JSON in UTF-8, straight from the data gathered, when all of it is as the schema says. What is
 * not (a null too many, a wrong scalar, an unknown type, a `@interfaceObject`) is left to `complete`, which is written for
 * clarity and knows every rule; both give the same answer where both give one (test/gateway/execution/compile-writer.test.ts).
 *
 * A hot path: decided per operation once, no paths, no copies (test/bench, w1). A large answer becomes bytes piece by piece, so that
 * its text never stands in memory as a whole (test/bench, large).
 *
 * @returns `undefined` when `complete` has to be asked
 */
export type Write = (root: Json, shared: ReadonlySet<object>) => Buffer | undefined;

export interface WriterContext extends CollectContext {
  /** The key that a field has in the data; in the answer it has the client's. */
  readonly keyOf: (field: FieldNode) => string;
  /** What is answered with null and an error: the null is written here, the error found by `compile-refusals.ts`. */
  readonly refused: AccessDecision['refused'];
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
      const out = createOut(shared);
      try {
        out.text = '{"data":';
        writeRoot(root, out);
        return finish(out);
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

/** What is written so far. */
interface Out {
  text: string;
  /** What came before it, when there is much. */
  readonly pieces: Buffer[];
  /** What stands at several places is written once. By the writer, too: one object can be asked for different things. */
  readonly shared: ReadonlySet<object> | undefined;
  readonly texts: Map<object, { readonly by: WriteValue; readonly text: string }>;
  /** Whether the text is that of something shared: it is wanted whole. */
  isShared: boolean;
}

/** Characters. An answer of the usual size is one piece. */
const PIECE = 262_144;

const NO_TEXTS: Out['texts'] = new Map();

function createOut(shared: ReadonlySet<object>): Out {
  const isAny = shared.size > 0;
  return {
    text: '',
    pieces: [],
    shared: isAny ? shared : undefined,
    texts: isAny ? new Map() : NO_TEXTS,
    isShared: false,
  };
}

function cut(out: Out): void {
  out.pieces.push(Buffer.from(out.text));
  out.text = '';
}

function finish(out: Out): Buffer {
  out.text += '}';
  if (out.pieces.length === 0) return Buffer.from(out.text);
  cut(out);
  return Buffer.concat(out.pieces);
}

type WriteValue = (value: unknown, out: Out) => void;
type WriteObject = (object: Json, out: Out) => void;

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
    const isRefused = nodes.some((each) => context.refused.has(each));
    const write = isRefused ? compileRefused(type, node) : compileField(context, type, nodes);
    fields.push({ key, isInherited: isInherited(key), label, write });
  }
  if (fields.length === 0)
    return (_, out) => {
      out.text += '{}';
    };
  return (object, out) => {
    for (const { key, isInherited, label, write } of fields) {
      out.text += label;
      write(isInherited ? readOwn(object, key) : object[key], out);
    }
    out.text += '}';
  };
}

/** What has to be null and cannot be makes null of what is around it: `complete` knows of what. */
function compileRefused(type: GraphQLObjectType, { name }: FieldNode): WriteValue {
  const definition = type.getFields()[name.value];
  if (definition === undefined || isNonNullType(definition.type)) throw UNFIT;
  return (_, out) => {
    out.text += 'null';
  };
}

function compileField(context: WriterContext, type: GraphQLObjectType, nodes: readonly FieldNode[]): WriteValue {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') {
    const text = JSON.stringify(type.name);
    return (_, out) => {
      out.text += text;
    };
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
  return (value, out) => {
    if (value !== null && value !== undefined) write(value, out);
    else if (isNonNull) throw UNFIT;
    else out.text += 'null';
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
    return onceWhereShared((value, out) => {
      if (!Array.isArray(value)) throw UNFIT;
      let isFirst = true;
      out.text += '[';
      for (const item of value) {
        if (!isFirst) out.text += ',';
        isFirst = false;
        writeItem(item, out);
        if (out.text.length > PIECE && !out.isShared) cut(out);
      }
      out.text += ']';
    });
  }
  if (isLeafType(type)) {
    const toText = compileLeaf(type);
    return (value, out) => {
      out.text += toText(value);
    };
  }
  if (isAbstractType(type)) return onceWhereShared(compileAbstract(context, type, selectionSets));
  if (!isObjectType(type)) throw UNFIT;
  const writeObject = compileObject(context, type, selectionSets);
  return onceWhereShared((value, out) => {
    if (!isObject(value)) throw UNFIT;
    writeObject(value, out);
  });
}

function onceWhereShared(write: WriteValue): WriteValue {
  return (value, out) => {
    if (out.shared === undefined || !out.shared.has(value as object)) return write(value, out);
    const known = out.texts.get(value as object);
    const text = known?.by === write ? known.text : writeApart(write, value, out);
    out.text += text;
  };
}

function writeApart(write: WriteValue, value: unknown, out: Out): string {
  const { text: before, isShared } = out;
  out.text = '';
  out.isShared = true;
  write(value, out);
  const { text } = out;
  out.texts.set(value as object, { by: write, text });
  out.text = before;
  out.isShared = isShared;
  return text;
}

/** Each type that comes is compiled once. */
function compileAbstract(
  context: WriterContext,
  type: GraphQLAbstractType,
  selectionSets: readonly SelectionSetNode[],
): WriteValue {
  const { apiSchema } = context;
  const byType = new Map<unknown, WriteObject>();
  return (value, out) => {
    if (!isObject(value)) throw UNFIT;
    const typename = value.__typename;
    let write = byType.get(typename);
    if (write === undefined) {
      const found = typeof typename === 'string' ? apiSchema.getType(typename) : undefined;
      if (!isObjectType(found) || !apiSchema.isSubType(type, found)) throw UNFIT;
      write = compileObject(context, found, selectionSets);
      byType.set(typename, write);
    }
    write(value, out);
  };
}

/** Only what needs no coercion: `serialize` decides the rest. */
function compileLeaf(type: GraphQLLeafType): (value: unknown) => string {
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
