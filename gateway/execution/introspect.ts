import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { isObject, type Json, readOwn } from './own.ts';

/** What introspection needs of the operation around it. */
export interface IntrospectionContext {
  readonly apiSchema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  readonly variables: Json;
}

/** Answers one `__schema` or `__type` field from the clients' schema, by graphql-js itself. */
export function introspect(
  { apiSchema, fragments, variableDefinitions, variables }: IntrospectionContext,
  field: FieldNode,
): unknown {
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      },
      ...fragments.values(),
    ],
  };
  const { data } = executeSync({ schema: apiSchema, document, variableValues: variables });
  return isObject(data) ? (readOwn(data, (field.alias ?? field.name).value) ?? null) : null;
}
