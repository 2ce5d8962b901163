import { type GraphQLInputType, Kind, type TypeNode, typeFromAST } from 'graphql';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type Components, type JsonSchema, toInputSchema, toObjectSchema } from './json-schema.ts';
import type { StoredOperation } from './stored-operation.ts';

export interface OpenApiOptions {
  readonly title: string;
  /** Of what is described: changes with the graph. */
  readonly version: string;
}

const ERRORS: JsonSchema = {
  type: 'object',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          message: { type: 'string' },
          extensions: { type: 'object', properties: { code: { type: 'string' } } },
        },
        required: ['message'],
      },
    },
  },
  required: ['errors'],
};

/** What may come in place of an answer. */
const FAILURES: Readonly<Record<string, string>> = {
  '400': 'A parameter is missing or wrong.',
  '401': 'It needs a token, or the token is not valid.',
  '403': 'The caller may not have this.',
  '404': 'There is no such thing.',
  '429': 'The caller has asked for more than a limit allows.',
  default: 'It cannot be had now.',
};

/** Describes routes as OpenAPI 3.1 does: parameters and answers have the types of the graph. */
export function toOpenApi(
  operations: readonly StoredOperation[],
  { apiSchema }: Pick<Supergraph, 'apiSchema'>,
  { title, version }: OpenApiOptions,
): Json {
  const components: Components = new Map();
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths,
    components: {
      schemas: { ...Object.fromEntries(components), Errors: ERRORS },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    // With a token or without one, as the route needs.
    security: [{ token: [] }, {}],
  };

  function describe(operation: StoredOperation): Json {
    const { name, description, method, status, variables, pathVariables, needsIdentity } = operation;
    const inPath = variables.filter(({ variable }) => pathVariables.includes(variable.name.value));
    const others = variables.filter((definition) => !inPath.includes(definition));
    const hasBody = method !== 'GET' && method !== 'DELETE' && others.length > 0;
    return {
      operationId: name,
      ...(description && { summary: description }),
      ...(needsIdentity && { security: [{ token: [] }] }),
      parameters: [
        ...inPath.map(({ variable, type }) => ({
          name: variable.name.value,
          in: 'path',
          required: true,
          schema: schemaOf(type),
        })),
        ...(hasBody ? [] : others).map(({ variable, type, defaultValue }) => ({
          name: variable.name.value,
          in: 'query',
          required: type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
          schema: schemaOf(type),
        })),
      ],
      ...(hasBody && { requestBody: { required: true, content: { 'application/json': { schema: bodyOf(others) } } } }),
      responses: {
        [status]: { description: 'What was asked for.', content: json(answerOf(operation)) },
        ...Object.fromEntries(
          Object.entries(FAILURES).map(([code, text]) => [
            code,
            { description: text, content: json({ $ref: '#/components/schemas/Errors' }) },
          ]),
        ),
      },
    };
  }

  function schemaOf(type: TypeNode): JsonSchema {
    // What is no longer in the graph is told in the log; here it is anything.
    const found = typeFromAST(apiSchema, type as never) as GraphQLInputType | undefined;
    return found === undefined ? {} : toInputSchema(found, components);
  }

  function bodyOf(variables: StoredOperation['variables']): JsonSchema {
    return {
      type: 'object',
      properties: Object.fromEntries(variables.map(({ variable, type }) => [variable.name.value, schemaOf(type)])),
      required: variables
        .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined)
        .map(({ variable }) => variable.name.value),
      additionalProperties: false,
    };
  }

  function answerOf({ definition, document, result }: StoredOperation): JsonSchema {
    const root = apiSchema.getRootType(definition.operation);
    if (root === undefined || root === null) return {};
    const fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
    const whole = toObjectSchema([definition.selectionSet], root, { schema: apiSchema, fragments, components });
    return result.reduce(within, whole);
  }
}

function json(schema: JsonSchema): Json {
  return { 'application/json': { schema } };
}

/** What stands at a key: there it is, because nothing at all is 404. */
function within(schema: JsonSchema, key: string): JsonSchema {
  const found = (schema.properties as Record<string, JsonSchema> | undefined)?.[key] ?? {};
  if (Array.isArray(found.type)) return { ...found, type: found.type.find((type) => type !== 'null') };
  return Array.isArray(found.anyOf) ? (found.anyOf[0] as JsonSchema) : found;
}
