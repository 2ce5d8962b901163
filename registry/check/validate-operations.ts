import { type DocumentNode, GraphQLError, type GraphQLSchema, NoDeprecatedCustomRule, parse, validate } from 'graphql';

/** What is wrong with one operation of a client. */
export interface OperationProblem {
  /** rover ends with 1 for a FAILURE. */
  readonly type: 'FAILURE' | 'WARNING';
  readonly code: 'NON_PARSEABLE_DOCUMENT' | 'INVALID_OPERATION' | 'DEPRECATED_FIELD';
  readonly description: string;
  readonly operationName: string | null;
}

/** An operation as a client has it. */
export interface ClientOperation {
  readonly name: string | null;
  readonly body: string;
}

/** What a client has written by hand is smaller by far; parsing and validating more would hold up others. */
const MOST_TOKENS = 50_000;

/** Looks whether a client's operations are valid, and whether they use what is deprecated: fields, arguments, values, input fields. */
export function validateOperations(
  apiSchema: GraphQLSchema,
  operations: readonly ClientOperation[],
): OperationProblem[] {
  return operations.flatMap(({ name, body }) => {
    const toProblem =
      (type: OperationProblem['type'], code: OperationProblem['code']) =>
      ({ message }: GraphQLError): OperationProblem => ({ type, code, description: message, operationName: name });
    const document = tryParse(body);
    if (document instanceof GraphQLError) return [toProblem('FAILURE', 'NON_PARSEABLE_DOCUMENT')(document)];
    const errors = validate(apiSchema, document);
    if (errors.length > 0) return errors.map(toProblem('FAILURE', 'INVALID_OPERATION'));
    return validate(apiSchema, document, [NoDeprecatedCustomRule]).map(toProblem('WARNING', 'DEPRECATED_FIELD'));
  });
}

function tryParse(body: string): DocumentNode | GraphQLError {
  try {
    return parse(body, { maxTokens: MOST_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
