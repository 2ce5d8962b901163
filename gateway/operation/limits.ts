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

const NOTHING: Size = {
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
 * which validation will name, counts as nothing here.
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

  function sizeOf({ selections }: SelectionSetNode): Size {
    return selections.map(sizeOfSelection).reduce(add, NOTHING);
  }

  function sizeOfSelection(selection: SelectionNode): Size {
    const own = sizeOfDirectives(selection.directives);
    if (selection.kind === Kind.FIELD) return add(own, sizeOfField(selection));
    const inside =
      selection.kind === Kind.FRAGMENT_SPREAD ? sizeOfFragment(selection.name.value) : sizeOf(selection.selectionSet);
    return add(own, { ...inside, maxDepth: inside.maxDepth + 1 });
  }

  function sizeOfField({ name, alias, arguments: given = [], selectionSet }: FieldNode): Size {
    const inside = selectionSet === undefined ? NOTHING : sizeOf(selectionSet);
    const isIntrospection = name.value === '__schema' || name.value === '__type';
    const size = given.map(({ value }) => sizeOfValue(value)).reduce(add, inside);
    return {
      ...size,
      maxDepth: inside.maxDepth + 1,
      maxFields: inside.maxFields + 1,
      // Of the selection that this field stands in, and not of those below.
      maxRootFields: 1,
      maxAliases: inside.maxAliases + (alias === undefined ? 0 : 1),
      maxIntrospections: inside.maxIntrospections + (isIntrospection ? 1 : 0),
    };
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
    const ofVariables = (node.variableDefinitions ?? []).map(({ directives, defaultValue }) =>
      add(sizeOfDirectives(directives), defaultValue === undefined ? NOTHING : sizeOfValue(defaultValue)),
    );
    return [sizeOfDirectives(node.directives), ...ofVariables].reduce(add, sizeOf(node.selectionSet));
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

function sizeOfDirectives(directives: readonly DirectiveNode[] = []): Size {
  if (directives.length === 0) return NOTHING;
  const values = directives.flatMap(({ arguments: given = [] }) => given.map(({ value }) => sizeOfValue(value)));
  return { ...values.reduce(add, NOTHING), maxDirectives: directives.length };
}

/** A value that stands in the text. */
function sizeOfValue(value: ValueNode): Size {
  if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return NOTHING;
  const values = value.kind === Kind.LIST ? value.values : value.fields.map((field) => field.value);
  const { maxInputDepth, maxListSize } = values.map(sizeOfValue).reduce(add, NOTHING);
  const size = value.kind === Kind.LIST ? values.length : 0;
  return { ...NOTHING, maxInputDepth: maxInputDepth + 1, maxListSize: Math.max(maxListSize, size) };
}

/** Two parts beside one another. */
function add(a: Size, b: Size): Size {
  if (a === NOTHING) return b;
  if (b === NOTHING) return a;
  return {
    maxDepth: Math.max(a.maxDepth, b.maxDepth),
    maxFields: a.maxFields + b.maxFields,
    maxRootFields: a.maxRootFields + b.maxRootFields,
    maxAliases: a.maxAliases + b.maxAliases,
    maxDirectives: a.maxDirectives + b.maxDirectives,
    maxIntrospections: a.maxIntrospections + b.maxIntrospections,
    maxListSize: Math.max(a.maxListSize, b.maxListSize),
    maxInputDepth: Math.max(a.maxInputDepth, b.maxInputDepth),
  };
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
