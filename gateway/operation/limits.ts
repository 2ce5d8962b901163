import { type DocumentNode, GraphQLError, type SelectionNode, type SelectionSetNode } from 'graphql';
import { GatewayError } from '../errors.ts';

/** Bounds that an ordinary query never meets. Counted before validation and planning, which a hostile text makes slow. */
export interface OperationLimits {
  /** Lexical tokens in the text. */
  readonly maxTokens: number;
  /** Nesting of fields and fragments. */
  readonly maxDepth: number;
  /** Fields of one operation, those of a fragment counted wherever it is spread. */
  readonly maxFields: number;
  /** `__schema` and `__type` fields of one operation: each is answered whole. */
  readonly maxIntrospections: number;
}

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly introspections: number;
}

const NOTHING: Size = { depth: 0, fields: 0, introspections: 0 };

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
      node.kind === 'FragmentDefinition' ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const measured = new Map<string, Size>();

  function sizeOf({ selections }: SelectionSetNode): Size {
    return selections.map(sizeOfSelection).reduce(add, NOTHING);
  }

  function sizeOfSelection(selection: SelectionNode): Size {
    if (selection.kind === 'FragmentSpread') return sizeOfFragment(selection.name.value);
    const { depth, fields, introspections } =
      selection.selectionSet === undefined ? NOTHING : sizeOf(selection.selectionSet);
    if (selection.kind === 'InlineFragment') return { depth: depth + 1, fields, introspections };
    const isIntrospection = selection.name.value === '__schema' || selection.name.value === '__type';
    return { depth: depth + 1, fields: fields + 1, introspections: introspections + (isIntrospection ? 1 : 0) };
  }

  function sizeOfFragment(name: string): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, NOTHING);
    const selectionSet = fragments.get(name);
    const { depth, ...size } = selectionSet === undefined ? NOTHING : sizeOf(selectionSet);
    const found = { depth: depth + 1, ...size };
    measured.set(name, found);
    return found;
  }

  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    const { depth, fields, introspections } = sizeOf(definition.selectionSet);
    if (depth > limits.maxDepth) throw limitError('maxDepth', depth, limits.maxDepth);
    if (fields > limits.maxFields) throw limitError('maxFields', fields, limits.maxFields);
    if (introspections > 0 && !introspection) throw introspectionError();
    if (introspections > limits.maxIntrospections)
      throw limitError('maxIntrospections', introspections, limits.maxIntrospections);
  }
}

function add(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    introspections: a.introspections + b.introspections,
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
