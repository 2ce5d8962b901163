import { GraphQLError } from 'graphql';
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
export type Size = Record<Exclude<keyof OperationLimits, 'maxTokens' | 'maxVariableValues'>, number>;

export const NOTHING: Readonly<Size> = {
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
 * @param size of one operation with its fragments spread. @param introspection whether the schema may be asked for
 * @throws {GatewayError} `OPERATION_LIMIT_EXCEEDED` with the limit's name, the value and the bound
 */
export function checkSize(size: Size, limits: OperationLimits, introspection: boolean): void {
  if (size.maxIntrospections > 0 && !introspection) throw introspectionError();
  for (const [name, value] of Object.entries(size)) {
    const limit = name as keyof Size;
    if (value > limits[limit]) throw limitError(limit, value, limits[limit]);
  }
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
