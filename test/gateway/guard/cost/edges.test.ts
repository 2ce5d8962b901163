import { describe, expect, it } from '@jest/globals';
import { buildSchema, Kind, parse } from 'graphql';
import { NOTHING_REFUSED } from '../../../../gateway/execution/access-decision.ts';
import { compileActual } from '../../../../gateway/guard/cost/actual.ts';
import { compileEstimate, compileEstimateInTurns } from '../../../../gateway/guard/cost/estimate.ts';
import { createWeights } from '../../../../gateway/guard/cost/weights.ts';

const NO_RULES = {
  types: new Map<string, number>(),
  fields: new Map(),
  inputFields: new Map(),
  directiveArguments: new Map(),
};

function operationOf(query: string) {
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation comes first');
  return operation;
}

describe('the estimate of an operation', () => {
  const COUNT = 300;
  const names = Array.from({ length: COUNT }, (_, index) => `T${index}`);
  const schema = buildSchema(`
    type Query { node: Node }
    interface Node { id: ID node: Node }
    ${names.map((name) => `type ${name} implements Node { id: ID node: Node }`).join(' ')}`);
  const estimate = (query: string) => {
    const weights = createWeights(schema, NO_RULES, 10);
    const fragments = new Map(
      parse(query).definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
    return compileEstimate({ schema, weights, operation: operationOf(query), fragments }).of({});
  };
  const each = names.map((name) => `... on ${name} { id }`).join(' ');
  const fields = (count: number, inside: string) =>
    Array.from({ length: count }, (_, index) => `a${index}: node { ${inside} }`).join(' ');

  it('is without end where weighing it would be', () => {
    const endless = Number.POSITIVE_INFINITY;
    expect(estimate(`{ ${fields(200, '__typename ...All')} } fragment All on Node { ${each} }`)).toEqual({
      fields: endless,
      types: endless,
    });
  });

  it('is without end where many fields are asked of each of many types', () => {
    const endless = Number.POSITIVE_INFINITY;
    const many = Array.from({ length: 500 }, (_, index) => `a${index}: id`).join(' ');
    expect(estimate(`{ node { ${many} ${each} } }`)).toEqual({ fields: endless, types: endless });
  });

  it('of an interface without types is what the interface says', () => {
    const none = buildSchema('type Query { node: Node } interface Node { id: ID nodes: [Node] }');
    const weights = createWeights(none, NO_RULES, 10);
    const operation = operationOf('{ node { nodes { nodes { id } } } }');
    const { of } = compileEstimate({ schema: none, weights, operation, fragments: new Map() });
    expect(of({})).toEqual({ fields: 12, types: 1 });
  });

  it('is not, where the same types are asked for something often, or a fragment is spread below many fields', () => {
    expect(estimate(`{ node { ${each} ${each} } }`)).toEqual({ fields: 1, types: 2 });
    expect(estimate(`{ ${fields(200, '...All')} } fragment All on Node { ${each} }`)).toEqual({
      fields: 200,
      types: 201,
    });
  });

  it('tells a fragment on another type, and one that a variable decides, from one that is always there', () => {
    const few = 'fragment Few on T1 { node { node { id } } }';
    expect(estimate(`{ node { ...Few } } ${few}`)).toEqual({ fields: 3, types: 4 });
    const operation = operationOf(
      'query ($deep: Boolean!) { a: node { ...All @include(if: $deep) } b: node { ...All } }',
    );
    const [all] = parse('fragment All on Node { node { id } }').definitions;
    if (all?.kind !== Kind.FRAGMENT_DEFINITION) throw new TypeError('there is a fragment');
    const weights = createWeights(schema, NO_RULES, 10);
    const { of } = compileEstimate({ schema, weights, operation, fragments: new Map([['All', all]]) });
    expect([of({ deep: true }), of({ deep: false })]).toEqual([
      { fields: 4, types: 5 },
      { fields: 3, types: 4 },
    ]);
  });

  it('is not, where a variable decides what fragments on many types share', () => {
    const nested = (depth: number): string =>
      depth === 0
        ? '{ id }'
        : `{ id ${names
            .slice(0, 20)
            .map((name) => `... on ${name} { id }`)
            .join(' ')} node @include(if: $deep) ${nested(depth - 1)} }`;
    const operation = operationOf(`query ($deep: Boolean!) { node ${nested(6)} }`);
    const weights = createWeights(schema, NO_RULES, 10);
    const { of } = compileEstimate({ schema, weights, operation, fragments: new Map() });
    expect([of({ deep: true }), of({ deep: false })]).toEqual([
      { fields: 7, types: 8 },
      { fields: 1, types: 2 },
    ]);
  });

  it('is without end where finding the groups of types would be', () => {
    const interfaces = Array.from({ length: 50 }, (_, index) => `I${index}`);
    const many = buildSchema(`
      type Query { node: Node }
      interface Node { id: ID node: Node }
      ${interfaces.map((name) => `interface ${name} { id: ID }`).join(' ')}
      ${names.map((name) => `type ${name} implements Node & ${interfaces.join(' & ')} { id: ID node: Node }`).join(' ')}`);
    const fields = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `a${index}: node { ${interfaces.map((name) => `... on ${name} { id }`).join(' ')} }`,
      );
    const ofFields = (count: number) => {
      const operation = operationOf(`{ node { ${fields(count).join(' ')} } }`);
      const weights = createWeights(many, NO_RULES, 10);
      return compileEstimate({ schema: many, weights, operation, fragments: new Map() }).of({});
    };
    expect(ofFields(10)).toEqual({ fields: 11, types: 12 });
    expect(ofFields(50)).toEqual({ fields: Number.POSITIVE_INFINITY, types: Number.POSITIVE_INFINITY });
  });

  it('is made in turns with what else there is to do, with the same result', async () => {
    const operation = operationOf(
      `{ node { ${'a: node { ... on T1 { id } ... on T2 { id } } '.repeat(4_000)} b: node { ${fields(50, `__typename ${each}`)} } } }`,
    );
    const estimated = { schema, weights: createWeights(schema, NO_RULES, 10), operation, fragments: new Map() };
    const compiling = compileEstimateInTurns(estimated);
    expect(compiling).toBeInstanceOf(Promise);
    let turns = 0;
    const count = () => {
      turns++;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const { of } = await compiling;
    clearImmediate(counting);
    expect(turns).toBeGreaterThan(1);
    expect(of({})).toEqual(compileEstimate(estimated).of({}));
    expect(compileEstimateInTurns({ ...estimated, operation: operationOf('{ node { id } }') })).not.toBeInstanceOf(
      Promise,
    );
  });

  it('is not, where fragments are on few of many types, however deep', () => {
    const nested = (depth: number): string =>
      depth === 0 ? '{ id }' : `{ id node ${nested(depth - 1)} ... on T1 { id } ... on T2 { id } }`;
    expect(estimate(`{ node ${nested(40)} }`)).toEqual({ fields: 41, types: 42 });
  });
});

describe('the estimate of an operation that is made to be weighed wrongly', () => {
  const schema = buildSchema(`
    type Query { node: Node users(first: Int): [User] }
    type User { id: ID friends(first: Int): [User] }
    interface Node { id: ID node: Node list(first: Int): [Node] }
    type A implements Node { id: ID node: Node list(first: Int): [Node] }
    type B implements Node { id: ID node: Node list(first: Int): [Node] }`);
  const sliced = {
    weight: undefined,
    arguments: new Map<string, number>(),
    listSize: {
      assumedSize: undefined,
      slicingArguments: ['first'],
      sizedFields: [],
      requireOneSlicingArgument: false,
    },
  };
  const places = ['Query.users', 'User.friends', 'A.list', 'B.list'];
  const rules = { ...NO_RULES, fields: new Map(places.map((place) => [place, sliced] as const)) };
  const estimate = (query: string, variables = {}) => {
    const weights = createWeights(schema, rules, 10);
    return compileEstimate({ schema, weights, operation: operationOf(query), fragments: new Map() }).of(variables);
  };
  const friends = (depth: number, size: string): string =>
    depth === 0 ? '{ id }' : `{ friends(first: ${size}) ${friends(depth - 1, size)} }`;

  it.each([
    ['written out', '0', '2147483647', {}],
    ['given by variables', '$none', '$most', { none: 0, most: 2_147_483_647 }],
  ])('is a number, where nothing is asked of more than can be counted: sizes %s', (_, none, most, variables) => {
    const query = `query ($none: Int, $most: Int) { users(first: ${none}) ${friends(40, most)} many: users(first: 1000) { id } }`;
    expect(estimate(query, variables)).toEqual({ fields: 2, types: 1 + 1_000 });
  });

  it('adds up once what several types of an interface share, however deep', () => {
    const nested = (depth: number): string =>
      depth === 0
        ? '{ list(first: $n) { id } }'
        : `{ node ${nested(depth - 1)} ... on A { a: node { id } } ... on B { b: node { id } } }`;
    const query = `query ($n: Int) { node ${nested(45)} }`;
    // In each of 45 levels two fields, and a list at the end.
    expect(estimate(query, { n: 3 })).toEqual({ fields: 1 + 2 * 45 + 1, types: 2 + 2 * 45 + 3 });
  });
});

describe('the actual cost', () => {
  const schema = buildSchema(`
    type Query { media: [Media] }
    interface Media { id: ID owner: Owner }
    type Book implements Media { id: ID owner: Owner }
    type Film implements Media { id: ID owner: Owner }
    type Owner { id: ID }`);
  const weights = createWeights(schema, { ...NO_RULES, types: new Map([['Film', 7]]) }, 10);
  const rootType = schema.getQueryType();
  if (!rootType) throw new TypeError('there is no root type');
  const operation = operationOf('{ media { id owner { id } } }');
  const context = { apiSchema: schema, fragments: new Map(), coercedVariables: {}, refused: NOTHING_REFUSED, weights };
  const count = compileActual({ ...context, keyOf: ({ name }) => name.value }, rootType, operation.selectionSet);

  it('of an object that does not say its type is that of the heaviest, of one of a hidden type nothing', () => {
    const owner = { id: '1' };
    // What is known by its interface alone (`@interfaceObject`), by its own name or not at all.
    expect(count({ media: [{ id: '1', owner }] }, {})).toEqual({ fields: 1 + 1, types: 1 + 7 + 1 });
    expect(count({ media: [{ __typename: 'Media', owner: null }] }, {})).toEqual({ fields: 1 + 1, types: 1 + 7 });
    expect(count({ media: [{ __typename: 'Book', owner }] }, {})).toEqual({ fields: 1 + 1, types: 1 + 1 + 1 });
    expect(count({ media: [{ __typename: 'Secret', owner }, null] }, {})).toEqual({ fields: 1, types: 1 });
  });

  it('of data that is not as the schema says is that of what can be counted', () => {
    expect(count({}, {})).toEqual({ fields: 1, types: 1 });
    expect(count({ media: { owner: {} } }, {})).toEqual({ fields: 1, types: 1 });
    expect(count({ media: [1, 'x', [{ __typename: 'Book' }]] }, {})).toEqual({ fields: 1, types: 1 });
  });
});
