import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a key that clients do not see finds its entity',
    query: '{ badge { owner { name } } }',
    data: { badge: { owner: { name: 'Grace' } } },
  },
  {
    name: 'a field that clients do not see can be required',
    query: '{ users { badge } }',
    data: { users: [{ badge: 'rank 3' }, { badge: 'rank 4' }] },
  },
  {
    name: 'asking for a hidden field is refused, without a word that it is there',
    query: '{ user { internalId } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'Cannot query field "internalId" on type "User".' }],
    calls: { accounts: 0 },
  },
  {
    name: 'a hidden argument is refused',
    query: '{ user { greet(secretly: true) } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'Unknown argument "secretly"' }],
  },
  {
    name: 'the arguments beside a hidden one arrive',
    query: '{ user { greet(polite: true) } }',
    data: { user: { greet: '7 {"polite":true}' } },
  },
  {
    name: 'a fragment on a hidden type is refused',
    query: '{ actors { ... on Robot { model } } }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'Unknown type "Robot".' }],
  },
  {
    name: 'an object of a hidden type is null',
    query: '{ actors { __typename name } subject { __typename } }',
    data: { actors: [{ __typename: 'User', name: 'Ada' }, null], subject: null },
  },
  {
    name: 'an object of a hidden type is null, also when its type is not asked for',
    query: '{ actors { name } }',
    data: { actors: [{ name: 'Ada' }, null] },
  },
  {
    name: 'a hidden enum value is null, with an error that does not name it',
    query: '{ role roles }',
    data: { role: null, roles: ['MEMBER', null] },
    errors: [
      { path: ['role'], code: 'INVALID_VALUE' },
      { path: ['roles', 1], code: 'INVALID_VALUE' },
    ],
    stock: {
      data: { role: null, roles: ['MEMBER', null] },
      reason: 'it hides errors of value completion in its extensions',
    },
  },
  {
    name: 'introspection shows nothing hidden',
    query: `{
      user: __type(name: "User") { fields { name args { name } } }
      robot: __type(name: "Robot") { name }
      role: __type(name: "Role") { enumValues { name } }
      actor: __type(name: "Actor") { possibleTypes { name } }
      search: __type(name: "Search") { inputFields { name } }
      query: __type(name: "Query") { fields { name } }
    }`,
    data: {
      user: {
        fields: [
          { name: 'name', args: [] },
          { name: 'greet', args: [{ name: 'polite' }] },
          { name: 'badge', args: [] },
        ],
      },
      robot: null,
      role: { enumValues: [{ name: 'MEMBER' }] },
      actor: { possibleTypes: [{ name: 'User' }] },
      search: { inputFields: [{ name: 'text' }] },
      query: { fields: ['user', 'users', 'actors', 'subject', 'role', 'roles', 'badge'].map((name) => ({ name })) },
    },
  },
];
