import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type VariableDefinitionNode,
} from 'graphql';

/** Methods of HTTP that a route can have. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** An operation of GraphQL that answers a route of REST. */
export interface StoredOperation {
  readonly name: string;
  readonly method: Method;
  /** Such as `/users/{id}`. */
  readonly path: string;
  /** The variables that stand in the path, in order. */
  readonly pathVariables: readonly string[];
  /** What is sent, without what only concerns the route. */
  readonly text: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly variables: readonly VariableDefinitionNode[];
  /** Where in `data` the body of the answer is, by response keys; empty for all of it. */
  readonly result: readonly string[];
  /** Of an answer without errors. */
  readonly status: number;
  /** Whether it is for those alone who have said who asks. */
  readonly needsIdentity: boolean;
  /** What stands before the operation in its file, for people. */
  readonly description: string | undefined;
}

/** What is wrong with an operation or a folder of them, for an operator. */
export class StoredOperationError extends Error {
  override readonly name = 'StoredOperationError';
}

const FORM = '`query Name($id: ID!) @rest(method: GET, path: "/things/{id}")`';
const PATH = /^(?:\/(?:[\w\-.~]+|\{[A-Za-z_]\w*\}))+$/;
const ARGUMENTS = ['method', 'path', 'result', 'status', 'authenticated'];

/**
 * Reads an operation with its directive, `@rest(method: GET, path: "/users/{id}", result: "user", status: 200, authenticated: true)`.
 *
 * @param from what it is called in messages: its path
 * @throws {StoredOperationError} that says what is wrong, and how it should be
 */
export function readStoredOperation(source: string, from: string): StoredOperation {
  const fail = (problem: string): never => {
    throw new StoredOperationError(`${from}: ${problem}`);
  };
  const parsed = parseOrFail(source, fail);
  const operations = parsed.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    return fail(`there must be one operation, and there are ${operations.length}`);
  const name = operation.name?.value ?? fail(`the operation must have a name: ${FORM}`);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) return fail('a subscription is no route');
  const isRest = ({ name: { value } }: DirectiveNode) => value === 'rest';
  const directive =
    operation.directives?.find(isRest) ?? fail(`the operation ${name} must say where it is served: ${FORM}`);
  const given = readArguments(directive, fail);

  const method =
    METHODS.find((each) => each === given.get('method')) ?? fail(`method must be one of ${METHODS.join(', ')}`);
  if (method === 'GET' && operation.operation !== OperationTypeNode.QUERY)
    return fail('a GET only reads; a mutation needs another method');
  const path = given.get('path') ?? fail('path is missing');
  if (!PATH.test(path)) return fail(`path "${path}" must be such as "/users/{id}"`);
  const pathVariables = [...path.matchAll(/\{(\w+)\}/g)].map(([, variable = '']) => variable);
  const variables = operation.variableDefinitions ?? [];
  const names = new Set(variables.map(({ variable }) => variable.name.value));
  for (const variable of pathVariables)
    if (!names.has(variable)) return fail(`{${variable}} stands in the path, and there is no variable $${variable}`);
  const status = Number(given.get('status') ?? '200');
  if (!Number.isInteger(status) || status < 200 || status > 299) return fail('status must be from 200 to 299');

  const definition = { ...operation, directives: operation.directives?.filter((each) => !isRest(each)) ?? [] };
  const document: DocumentNode = {
    ...parsed,
    definitions: parsed.definitions.map((node) => (node === operation ? definition : node)),
  };
  return {
    ...{ name, method, path, pathVariables, document, definition, variables, status },
    text: print(document),
    needsIdentity: given.get('authenticated') === 'true',
    result: given.get('result')?.split('.') ?? [],
    description: commentBefore(source),
  };
}

function parseOrFail(source: string, fail: (problem: string) => never): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { line, column } = error.locations?.[0] ?? {};
    return fail(`line ${line}, column ${column}: ${error.message}`);
  }
}

function readArguments({ arguments: all = [] }: DirectiveNode, fail: (problem: string) => never): Map<string, string> {
  const given = new Map<string, string>();
  for (const { name, value } of all as readonly ArgumentNode[]) {
    if (!ARGUMENTS.includes(name.value)) fail(`@rest has no argument ${name.value}; it has ${ARGUMENTS.join(', ')}`);
    if (value.kind === Kind.ENUM || value.kind === Kind.STRING || value.kind === Kind.INT)
      given.set(name.value, value.value);
    else if (value.kind === Kind.BOOLEAN) given.set(name.value, String(value.value));
    else fail(`the argument ${name.value} of @rest must be written out`);
  }
  return given;
}

/** The comment at the head of a file. */
function commentBefore(source: string): string | undefined {
  const lines = /^(?:\s*#[^\n]*\n)+/.exec(source)?.[0].trim().split('\n') ?? [];
  const text = lines.map((line) => line.replace(/^\s*#\s?/, '').trim()).join(' ');
  return text === '' ? undefined : text;
}
