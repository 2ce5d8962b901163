import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'the root alone asks nobody',
    query: '{ __typename }',
    data: { __typename: 'Query' },
    calls: { zoo: 0, vet: 0 },
  },
  {
    name: 'the root has its composed name, whatever a subgraph calls it',
    query: '{ __typename lion { id } root: __typename vet { __typename } }',
    data: { __typename: 'Query', lion: { id: '1' }, root: 'Query', vet: { __typename: 'Vet' } },
  },
  {
    name: 'the root of a mutation',
    query: 'mutation { __typename feed { __typename health { __typename } } }',
    data: { __typename: 'Mutation', feed: { __typename: 'Lion', health: { __typename: 'Health' } } },
  },
  {
    name: 'a mutation of __typename alone asks nobody',
    query: 'mutation { kind: __typename }',
    data: { kind: 'Mutation' },
    calls: { zoo: 0, vet: 0 },
  },
  {
    name: 'an object of which nothing else is asked',
    query: '{ lion { __typename } cage { __typename } }',
    data: { lion: { __typename: 'Lion' }, cage: { __typename: 'Cage' } },
    calls: { zoo: 1, vet: 0 },
  },
  {
    name: 'an object of another subgraph of which nothing else is asked',
    query: '{ lion { health { __typename } } }',
    data: { lion: { health: { __typename: 'Health' } } },
  },
  {
    name: 'several times under several aliases',
    query: '{ lion { a: __typename __typename b: __typename } }',
    data: { lion: { a: 'Lion', __typename: 'Lion', b: 'Lion' } },
  },
  {
    name: 'in lists of an interface and of a union, with a null',
    query: '{ animals { __typename } pets { __typename ... on Animal { kind: __typename } } }',
    data: {
      animals: [{ __typename: 'Lion' }, null, { __typename: 'Seal' }],
      pets: [{ __typename: 'Seal', kind: 'Seal' }],
    },
  },
  {
    name: 'in lists of lists with nulls',
    query: '{ cage { bars { __typename length } } }',
    data: { cage: { bars: [[{ __typename: 'Bar', length: 1 }, null], null] } },
  },
  {
    name: 'by type condition only',
    query: '{ animals { ... on Lion { __typename } ... on Seal { seal: __typename id } } }',
    data: { animals: [{ __typename: 'Lion' }, null, { seal: 'Seal', id: '2' }] },
  },
  {
    name: 'of entities that the other subgraph completes, found or not',
    query:
      '{ animals { __typename ... on Lion { health { __typename grade } } ... on Seal { health { __typename } } } }',
    data: {
      animals: [
        { __typename: 'Lion', health: { __typename: 'Health', grade: 1 } },
        null,
        { __typename: 'Seal', health: null },
      ],
    },
  },
  {
    name: 'in the reverse direction, of an entity that came as a reference',
    query: '{ vet { __typename patients { __typename cage { __typename size } } } }',
    data: {
      vet: {
        __typename: 'Vet',
        patients: [
          { __typename: 'Lion', cage: { __typename: 'Cage', size: 1 } },
          { __typename: 'Lion', cage: { __typename: 'Cage', size: 1 } },
        ],
      },
    },
  },
  {
    name: 'another field under the alias __typename is what the client sees, and the type is still known',
    query: '{ lion { __typename: id health { grade } } }',
    data: { lion: { __typename: '1', health: { grade: 1 } } },
    stock: { data: { lion: { __typename: 'Lion', health: { grade: 1 } } }, reason: 'its planner drops the alias' },
  },
  {
    name: 'with conditions',
    query:
      'query ($yes: Boolean!) { lion { __typename @skip(if: $yes) id } root: __typename @include(if: $yes) __typename @skip(if: $yes) }',
    variables: { yes: true },
    data: { lion: { id: '1' }, root: 'Query' },
  },
];
