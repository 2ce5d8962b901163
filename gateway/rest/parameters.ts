import { type GraphQLSchema, isInputObjectType, Kind, type TypeNode } from 'graphql';
import { GatewayError } from '../errors.ts';
import { isObject, type Json } from '../execution/own.ts';
import type { StoredOperation } from './stored-operation.ts';

/** What a request to a route brings. */
export interface RouteRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed; `undefined` when there is none. */
  readonly body: unknown;
}

/**
 * The variables of an operation: from the path, from the query string, and of methods with a body from its fields. What they must be beyond
 * that, the schema says: the pipeline coerces them as it does any client's.
 *
 * @throws {GatewayError} `BAD_USER_INPUT` that names the parameter
 */
export function readVariables(
  { variables, pathVariables }: StoredOperation,
  { path, query, body }: RouteRequest,
  schema: GraphQLSchema,
): Json {
  const found: Json = {};
  const names = new Set(variables.map(({ variable }) => variable.name.value));
  for (const name of query.keys())
    if (!names.has(name) || pathVariables.includes(name)) throw refuse(name, 'there is no such parameter');
  if (body !== undefined && !isObject(body)) throw refuse('body', 'it must be a JSON object');
  for (const name of Object.keys(body ?? {})) if (!names.has(name)) throw refuse(name, 'the body has no such field');
  for (const { variable, type } of variables) {
    const name = variable.name.value;
    const texts = pathVariables.includes(name) ? [path[name] ?? ''] : query.getAll(name);
    if (texts.length > 0) found[name] = toValue(name, texts, type, schema);
    else if (body !== undefined && Object.hasOwn(body, name)) found[name] = body[name];
  }
  return found;
}

/** What a parameter says, as JSON has it: parameters are texts, and their types are the operation's. */
function toValue(name: string, texts: readonly string[], type: TypeNode, schema: GraphQLSchema): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return toValue(name, texts, type.type, schema);
  if (type.kind === Kind.LIST_TYPE) return texts.map((text) => toValue(name, [text], type.type, schema));
  const [text = '', ...more] = texts;
  if (more.length > 0) throw refuse(name, 'it is there more than once');
  switch (type.name.value) {
    case 'Int':
    case 'Float':
      // As JSON writes numbers: the schema says which of them will do.
      if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text))
        throw refuse(name, `"${cut(text)}" is no number`);
      return Number(text);
    case 'Boolean':
      if (text !== 'true' && text !== 'false') throw refuse(name, 'it must be true or false');
      return text === 'true';
    default:
      return isInputObjectType(schema.getType(type.name.value)) ? parseObject(name, text) : text;
  }
}

function parseObject(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(name, 'it must be JSON');
  }
}

function refuse(name: string, why: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', `The parameter "${cut(name)}" is wrong: ${why}.`, {
    extensions: { parameter: cut(name) },
  });
}

const cut = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
