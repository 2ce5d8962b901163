import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  OperationTypeNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { isObject, type Json, readOwn } from './own.ts';

/** What introspection needs of the operation around it. */
export interface IntrospectionContext {
  /** What the client may know of. */
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  readonly variables: Json;
}

/** Answers one `__schema` or `__type` field from a schema, by graphql-js itself. */
export function introspect(
  { schema, fragments, variableDefinitions, variables }: IntrospectionContext,
  field: FieldNode,
): unknown {
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        // Introspection looks at none of a type that is not there for this client.
        variableDefinitions: variableDefinitions.filter(
          ({ type }) => typeFromAST(schema, type as NamedTypeNode) !== undefined,
        ),
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      },
      ...fragments.values(),
    ],
  };
  const { data } = executeSync({ schema, document, variableValues: variables });
  return isObject(data) ? (readOwn(data, (field.alias ?? field.name).value) ?? null) : null;
}
