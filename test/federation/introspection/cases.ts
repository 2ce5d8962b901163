import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: '__type tells fields with arguments, defaults and deprecations',
    query: `{
      __type(name: "Query") {
        kind name description
        fields(includeDeprecated: true) {
          name isDeprecated deprecationReason
          args(includeDeprecated: true) { name description defaultValue isDeprecated type { kind name ofType { name } } }
        }
      }
    }`,
    data: {
      __type: {
        kind: 'OBJECT',
        name: 'Query',
        description: 'What can be asked.',
        fields: [
          {
            name: 'product',
            isDeprecated: false,
            deprecationReason: null,
            args: [
              {
                name: 'id',
                description: null,
                defaultValue: '1',
                isDeprecated: false,
                type: { kind: 'NON_NULL', name: null, ofType: { name: 'ID' } },
              },
              {
                name: 'careful',
                description: 'Whether to look twice.',
                defaultValue: null,
                isDeprecated: true,
                type: { kind: 'SCALAR', name: 'Boolean', ofType: null },
              },
            ],
          },
          { name: 'old', isDeprecated: true, deprecationReason: 'use product', args: [] },
        ],
      },
    },
    calls: { inventory: 0, warehouse: 0 },
  },
  {
    name: '__type leaves out what is deprecated unless asked',
    query: '{ __type(name: "Size") { enumValues { name } all: enumValues(includeDeprecated: true) { name } } }',
    data: { __type: { enumValues: [{ name: 'SMALL' }], all: [{ name: 'SMALL' }, { name: 'LARGE' }] } },
  },
  {
    name: '__type of input objects, scalars, unions and interfaces',
    query: `{
      input: __type(name: "Rename") { kind inputFields { name defaultValue } }
      scalar: __type(name: "Date") { kind specifiedByURL }
      union: __type(name: "Thing") { kind possibleTypes { name } }
      interface: __type(name: "Named") { kind possibleTypes { name } fields { name } }
    }`,
    data: {
      input: {
        kind: 'INPUT_OBJECT',
        inputFields: [
          { name: 'id', defaultValue: null },
          { name: 'name', defaultValue: '"new"' },
        ],
      },
      scalar: { kind: 'SCALAR', specifiedByURL: 'https://example.com/date' },
      union: { kind: 'UNION', possibleTypes: [{ name: 'Product' }, { name: 'Box' }] },
      interface: { kind: 'INTERFACE', possibleTypes: [{ name: 'Product' }], fields: [{ name: 'name' }] },
    },
  },
  {
    name: '__type by a variable, of a type that is there and of one that is not',
    query: 'query ($name: String!, $none: String!) { __type(name: $name) { name } none: __type(name: $none) { name } }',
    variables: { name: 'Product', none: 'Nothing' },
    data: { __type: { name: 'Product' }, none: null },
  },
  {
    name: 'federation’s own types are not there',
    query: `{
      a: __type(name: "_Service") { name } b: __type(name: "_Entity") { name } c: __type(name: "_Any") { name }
      d: __type(name: "join__Graph") { name } e: __type(name: "link__Import") { name } f: __type(name: "_FieldSet") { name }
    }`,
    data: { a: null, b: null, c: null, d: null, e: null, f: null },
  },
  {
    name: 'federation’s own fields cannot be asked',
    query: '{ _service { sdl } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'Cannot query field "_service" on type "Query"' }],
    calls: { inventory: 0, warehouse: 0 },
  },
  {
    name: '_entities cannot be asked from outside',
    query: '{ _entities(representations: [{ __typename: "Product", id: "1" }]) { __typename } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: '"_entities"' }],
    calls: { inventory: 0, warehouse: 0 },
  },
  {
    name: '__schema beside data, under an alias, in a fragment, with a condition',
    query: `
      query ($yes: Boolean!) {
        ...Root
        product { name weight }
        again: __schema { mutationType { name } subscriptionType { name } }
        skipped: __schema @skip(if: $yes) { queryType { name } }
      }
      fragment Root on Query { schema: __schema @include(if: $yes) { queryType { name fields { name } } } }
    `,
    variables: { yes: true },
    data: {
      schema: { queryType: { name: 'Query', fields: [{ name: 'product' }] } },
      product: { name: 'product 1', weight: 0 },
      again: { mutationType: { name: 'Mutation' }, subscriptionType: null },
    },
  },
  {
    name: 'directives are those of GraphQL',
    query: '{ __schema { directives { name } } }',
    data: {
      __schema: {
        directives: ['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf'].map((name) => ({ name })),
      },
    },
  },
  {
    name: '__typename inside introspection',
    query: '{ __schema { __typename queryType { __typename } types @include(if: false) { name } } __typename }',
    data: { __schema: { __typename: '__Schema', queryType: { __typename: '__Type' } }, __typename: 'Query' },
  },
];
