import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { GatewayError } from '../errors.ts';

/** Bounds that an ordinary query never meets. Counted before validation and planning, which a hostile text makes slow. */
export interface OperationLimits {
  /** Lexical tokens in the text. */
  readonly maxTokens: number;
  /** Nesting of fields and fragments. */
  readonly maxDepth: number;
  /** Fields of one operation, those of a fragment counted wherever it is spread. */
  readonly maxFields: number;
  /** Fields of the root type, counted in the same way. */
  readonly maxRootFields: number;
  /** Counted in the same way. */
  readonly maxAliases: number;
  /** Counted in the same way. */
  readonly maxDirectives: number;
  /** `__schema` and `__type` fields of one operation: each is answered whole. */
  readonly maxIntrospections: number;
  /** Items of one list, in the text or in a variable. */
  readonly maxListSize: number;
  /** Nesting of lists and objects, in the text or in a variable. */
  readonly maxInputDepth: number;
  /** Objects, lists and what is in them, of all variables of one request. */
  readonly maxVariableValues: number;
}

/** What a part of an operation measures, by the limit that it counts for. */
type Size = Record<Exclude<keyof OperationLimits, 'maxTokens' | 'maxVariableValues'>, number>;

const NOTHING: Readonly<Size> = {
  maxDepth: 0,
  maxFields: 0,
  maxRootFields: 0,
  maxAliases: 0,
  maxDirectives: 0,
  maxIntrospections: 0,
  maxListSize: 0,
  maxInputDepth: 0,
};

/**
 * Checks how deep and how large each operation of a document is with its fragments spread. (Tokens are counted by the parser.) A
 * fragment is measured once however often it is spread, so that measuring costs no more than reading the text, also where
 * twenty fragments of two spreads each make a million fields: planning such an operation would take all memory. A cycle,
 * which validation will name, counts as nothing here. It is done while others wait: adds up in place, and makes no object for a field.
 *
 * @param introspection whether the schema may be asked for
 * @throws {GatewayError} `OPERATION_LIMIT_EXCEEDED` with the limit's name, the value and the bound
 */
export function checkSize(document: DocumentNode, limits: OperationLimits, introspection: boolean): void {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const measured = new Map<string, Size>();

  /** @param isTop whether it is the selection that is measured, and not one below. @returns how deep it is */
  function measureSelections({ selections }: SelectionSetNode, into: Size, isTop: boolean): number {
    let depth = 0;
    for (const selection of selections) depth = Math.max(depth, measureSelection(selection, into, isTop));
    return depth;
  }

  function measureSelection(selection: SelectionNode, into: Size, isTop: boolean): number {
    measureDirectives(selection.directives, into);
    if (selection.kind === Kind.FIELD) return 1 + measureField(selection, into, isTop);
    if (selection.kind === Kind.INLINE_FRAGMENT) return 1 + measureSelections(selection.selectionSet, into, isTop);
    const fragment = sizeOfFragment(selection.name.value);
    add(into, fragment, isTop);
    return 1 + fragment.maxDepth;
  }

  function measureField(
    { name, alias, arguments: given, selectionSet }: FieldNode,
    into: Size,
    isTop: boolean,
  ): number {
    into.maxFields++;
    if (isTop) into.maxRootFields++;
    if (alias !== undefined) into.maxAliases++;
    if (name.value === '__schema' || name.value === '__type') into.maxIntrospections++;
    if (given !== undefined) for (const { value } of given) measureValue(value, into);
    return selectionSet === undefined ? 0 : measureSelections(selectionSet, into, false);
  }

  function sizeOfFragment(name: string): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, NOTHING);
    const found = sizeOfDefinition(fragments.get(name));
    measured.set(name, found);
    return found;
  }

  function sizeOfDefinition(node: OperationDefinitionNode | FragmentDefinitionNode | undefined): Size {
    if (node === undefined) return NOTHING;
    const size = { ...NOTHING };
    measureDirectives(node.directives, size);
    for (const { directives, defaultValue } of node.variableDefinitions ?? []) {
      measureDirectives(directives, size);
      if (defaultValue !== undefined) measureValue(defaultValue, size);
    }
    size.maxDepth = measureSelections(node.selectionSet, size, true);
    return size;
  }

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = sizeOfDefinition(definition);
    if (size.maxIntrospections > 0 && !introspection) throw introspectionError();
    for (const [name, value] of Object.entries(size)) {
      const limit = name as keyof Size;
      if (value > limits[limit]) throw limitError(limit, value, limits[limit]);
    }
  }
}

function measureDirectives(directives: readonly DirectiveNode[] | undefined, into: Size): void {
  if (directives === undefined) return;
  into.maxDirectives += directives.length;
  for (const { arguments: given = [] } of directives) for (const { value } of given) measureValue(value, into);
}

/** A value that stands in the text. */
function measureValue(value: ValueNode, into: Size): void {
  into.maxInputDepth = Math.max(into.maxInputDepth, depthOf(value, into));
}

/** How deep a value is. The lists in it are measured. */
function depthOf(value: ValueNode, into: Size): number {
  let below = 0;
  if (value.kind === Kind.LIST) {
    into.maxListSize = Math.max(into.maxListSize, value.values.length);
    for (const item of value.values) below = Math.max(below, depthOf(item, into));
  } else if (value.kind === Kind.OBJECT) {
    for (const field of value.fields) below = Math.max(below, depthOf(field.value, into));
  } else return 0;
  return below + 1;
}

/** What a fragment holds, where it is spread: but for its depth, which depends on where that is. */
function add(into: Size, fragment: Size, isTop: boolean): void {
  into.maxFields += fragment.maxFields;
  if (isTop) into.maxRootFields += fragment.maxRootFields;
  into.maxAliases += fragment.maxAliases;
  into.maxDirectives += fragment.maxDirectives;
  into.maxIntrospections += fragment.maxIntrospections;
  into.maxListSize = Math.max(into.maxListSize, fragment.maxListSize);
  into.maxInputDepth = Math.max(into.maxInputDepth, fragment.maxInputDepth);
}

/** In the terms of Apollo Server. */
function introspectionError(): GatewayError {
  return new GatewayError(
    'GRAPHQL_VALIDATION_FAILED',
    'Introspection is off here: __schema and __type are not answered. (schema.introspection or mode: development turns it on.)',
    { extensions: { validationErrorCode: 'INTROSPECTION_DISABLED' } },
  );
}

/** The parser's own error for too many tokens, in the words of the table. */
export function isTokenLimitError(error: unknown): boolean {
  return error instanceof GraphQLError && /Document contains more tha[nt] \d+ tokens/.test(error.message);
}

/** @param value `undefined` when counting stopped at the bound */
export function limitError(limit: keyof OperationLimits, value: number | undefined, bound: number): GatewayError {
  const found = value === undefined ? `more than ${bound}` : `${value}`;
  return new GatewayError(
    'OPERATION_LIMIT_EXCEEDED',
    `The operation exceeds the limit ${limit}: ${found}, allowed are ${bound}.`,
    { extensions: { limit, bound, ...(value === undefined ? {} : { value }) } },
  );
}
