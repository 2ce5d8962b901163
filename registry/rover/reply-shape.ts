import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { type DocumentNode, type GraphQLFormattedError, Kind, type OperationDefinitionNode } from 'graphql';

/**
 * Gives every answer the one form that both of rover's HTTP clients read: status 200 (of another the one throws the message away
 * and the other tries for half a minute), an object as `data` in which a root field that failed is null, no empty `errors`, and
 * each message once more where the newer client looks for it.
 */
export function shapeReplies(frontendUrl: () => string): ApolloServerPlugin<BaseContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response, document, request }) => {
        response.http.status = 200;
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        const { errors = [], data } = singleResult;
        if (errors.length === 0) {
          delete singleResult.errors;
          return;
        }
        singleResult.data = toData(data ?? {}, errors, rootNames(document, request.operationName), frontendUrl());
        singleResult.errors = errors.map(doubleMessage);
      },
    }),
  };
}

/** The fields of an answer that are asked for, by the names they are answered under. */
function rootNames(document: DocumentNode | undefined, name: string | undefined): ReadonlyMap<string, string> {
  const operations = (document?.definitions ?? []).filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations.find((candidate) => candidate.name?.value === name) ?? operations[0];
  const fields = (operation?.selectionSet.selections ?? []).filter((selection) => selection.kind === Kind.FIELD);
  return new Map(fields.map((field) => [(field.alias ?? field.name).value, field.name.value]));
}

function toData(
  data: Record<string, unknown>,
  errors: readonly GraphQLFormattedError[],
  names: ReadonlyMap<string, string>,
  frontendUrl: string,
): Record<string, unknown> {
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  const shaped: Record<string, unknown> = {};
  for (const [key, name] of names) {
    // Rover cannot read an answer without the one that it asked for.
    if (name === 'frontendUrlRoot') shaped[key] = frontendUrl;
    else shaped[key] = failed.has(key) ? null : (data[key] ?? null);
  }
  return shaped;
}

function doubleMessage({ message, extensions, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  return { message, ...error, extensions: { ...extensions, response: { body: { errors: [{ message }] } } } };
}
