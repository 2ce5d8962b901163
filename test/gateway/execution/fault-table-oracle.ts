import { execute, type GraphQLError, parse, validate } from 'graphql';
import type { AnswerBody } from '../../support/test-gateway.ts';
import { API } from './fault-table-graph.ts';

/**
 * What graphql-js itself makes of faulty values: the client's operation executed on the schema that clients see, by
 * resolvers that read the values as they are, by response key.
 */

/** An answer in one form for both: its errors in the order of their paths. */
export interface Interpretation {
  readonly data: unknown;
  readonly errors: readonly InterpretedError[];
}

export interface InterpretedError {
  readonly path: readonly (string | number)[];
  readonly locations: unknown;
  readonly message: string;
}

/** @param root the values of the root fields; an `Error` among them is one that a resolver throws */
export async function interpret(query: string, root: unknown): Promise<Interpretation> {
  const document = parse(query);
  const [mistake] = validate(API, document);
  if (mistake !== undefined) throw mistake;
  const result = await execute({
    schema: API,
    document,
    rootValue: root,
    fieldResolver: (source: object, _arguments, _context, { path }) =>
      Object.hasOwn(source, path.key) ? (source as Record<string, unknown>)[path.key] : undefined,
    typeResolver: (value: unknown) => {
      const isNamed = typeof value === 'object' && value !== null && Object.hasOwn(value, '__typename');
      return isNamed ? (value as { __typename: string }).__typename : undefined;
    },
  });
  return {
    data: JSON.parse(JSON.stringify(result.data)),
    errors: inOrder((result.errors ?? []).map(toInterpretedError)),
  };
}

/** What the gateway made of them. */
export function interpretationOf({ data, errors = [] }: AnswerBody): Interpretation {
  return {
    data,
    errors: inOrder(errors.map(({ path = [], locations, message }) => ({ path, locations, message }))),
  };
}

/**
 * Messages of graphql-js that would mislead a client, because they speak to who writes resolvers: of iterables, of `isTypeOf`,
 * of functions that should return something, of the inside of a value. The gateway has words of its own for these.
 */
const MISLEADING: readonly (readonly [theirs: RegExp, ours: RegExp])[] = [
  [/^Expected Iterable, but did not find one for field "(\w+\.\w+)"\.$/, /^Expected a list for field \w+\.\w+\.$/],
  [/^Expected value of type "\w+" but got: /, /^Expected an object for field \w+\.\w+\.$/],
  [
    /^Abstract type "\w+" (must resolve to|was resolved to) |^Runtime Object type "\w+" is not a possible type /,
    /^The value of field \w+\.\w+ has no __typename of a type that \w+ includes\.$|^Expected an object for field \w+\.\w+\.$/,
  ],
];

/** What differs between the two, by lines: of the gateway's answer (`+`) and of graphql-js's (`-`). */
export function difference(ours: Interpretation, theirs: Interpretation): string[] {
  const lines: string[] = [];
  const [data, expectedData] = [JSON.stringify(ours.data), JSON.stringify(theirs.data)];
  if (data !== expectedData) lines.push(`+ ${data}`, `- ${expectedData}`);
  const show = ({ path, locations }: InterpretedError) => JSON.stringify({ path, locations });
  const [places, expectedPlaces] = [ours.errors.map(show), theirs.errors.map(show)];
  if (places.join() !== expectedPlaces.join()) {
    lines.push(...ours.errors.map((error) => `+ ${show(error)} ${error.message}`));
    lines.push(...theirs.errors.map((error) => `- ${show(error)} ${error.message}`));
  } else {
    ours.errors.forEach(({ message }, index) => {
      const expected = theirs.errors[index]?.message ?? '';
      const [, replacement] = MISLEADING.find(([misleading]) => misleading.test(expected)) ?? [];
      if (replacement === undefined ? message !== expected : !replacement.test(message))
        lines.push(`+ ${message}`, `- ${expected}`);
    });
  }
  return lines;
}

function toInterpretedError({ path = [], locations, message }: GraphQLError): InterpretedError {
  return { path, locations: locations?.map(({ line, column }) => ({ line, column })), message };
}

function inOrder(errors: readonly InterpretedError[]): InterpretedError[] {
  const keyed = errors.map((error) => ({ error, key: JSON.stringify(error.path) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ error }) => error);
}
