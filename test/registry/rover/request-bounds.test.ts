import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, parse, validate } from 'graphql';
import { REQUEST_BOUNDS, RequestBoundsRule } from '../../../registry/rover/request-bounds.ts';
import { readSchema } from '../../../registry/rover/type-definitions.ts';

const schema = readSchema();
const problems = (text: string) =>
  validate(schema, parse(text, { maxTokens: REQUEST_BOUNDS.tokens }), [RequestBoundsRule]).map(
    ({ message }) => message,
  );

const aliases = (count: number) =>
  Array.from({ length: count }, (_, number) => `a${number}: lintSchema(sdl: "") { stats { errorsCount } }`).join(' ');
const nested = (depth: number) => `{ graph(id: "shop") ${'{ a '.repeat(depth - 1)}${'} '.repeat(depth - 1)}}`;

describe('the bounds of one request', () => {
  it('let introspection pass, and ten of one kind', () => {
    expect(problems(getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true }))).toEqual([]);
    expect(problems(`mutation { graph(id: "shop") { ${aliases(10)} } }`)).toEqual([]);
    expect(problems(nested(25))).toEqual([]);
  });

  it('are on aliases', () => {
    const message = 'The request comes to 11 aliases; the registry takes 10 at most.';
    expect(problems(`mutation { graph(id: "shop") { ${aliases(11)} } }`)).toEqual([message]);
    const spread = `mutation { graph(id: "shop") { ...F } a: graph(id: "two") { ... on GraphMutation { ...F } } }`;
    expect(problems(`${spread} fragment F on GraphMutation { ${aliases(5)} }`)).toEqual([message]);
  });

  it('are on depth', () => {
    expect(problems(nested(26))).toEqual(['The request comes to 26 levels of fields; the registry takes 25 at most.']);
  });

  it('are on fields, also where fragments make millions of them', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, number) => `fragment F${number} on Query { ...F${number + 1} ...F${number + 1} }`,
    ).join(' ');
    expect(problems(`{ ...F0 } ${doubling} fragment F60 on Query { frontendUrlRoot }`)).toEqual([
      expect.stringMatching(/^The request comes to \d+ fields; the registry takes 1000 at most.$/),
    ]);
  });

  it('take a fragment within itself for nothing, and one that is not there', () => {
    expect(problems('{ ...F ...G } fragment F on Query { frontendUrlRoot ...F }')).toEqual([]);
  });
});
