import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a named fragment whose fields come from two subgraphs',
    query: '{ person(id: "1") { ...Named } } fragment Named on Person { id name }',
    data: { person: { id: '1', name: 'Ada' } },
  },
  {
    name: 'fragments in fragments, each used at several places',
    query: `
      { person(id: "1") { ...Family } root { ...Named } }
      fragment Family on Person { ...Named parents { ...Named parents { ...Named } } }
      fragment Named on Person { name }
    `,
    data: {
      person: {
        name: 'Ada',
        parents: [
          { name: 'Anne', parents: [] },
          { name: 'George', parents: [{ name: 'Anne' }] },
        ],
      },
      root: { name: 'Ada' },
    },
  },
  {
    name: 'a fragment on an interface, with fragments on its implementations',
    query: `
      { everyone { ...Being } }
      fragment Being on Being { id ...Beast ... on Person { name } }
      fragment Beast on Pet { ... on Dog { name barks } ... on Cat { name lives } }
    `,
    data: {
      everyone: [
        { id: '1', name: 'Ada' },
        { id: 'd', name: 'Rex', barks: true },
        { id: '2', name: 'Anne' },
        { id: 'k', name: 'Tom', lives: 9 },
        { id: '3', name: 'George' },
      ],
    },
    representations: { names: 5 },
  },
  {
    name: 'an inline fragment without a type condition',
    query: '{ person(id: "2") { ... { name } ... @include(if: true) { id } ... @skip(if: true) { spouse { name } } } }',
    data: { person: { name: 'Anne', id: '2' } },
  },
  {
    name: 'directives on spreads and inline fragments, by variables',
    query: `
      query ($yes: Boolean!, $no: Boolean!) {
        person(id: "2") {
          ...Named @include(if: $yes)
          ...Married @skip(if: $yes)
          ... on Person @include(if: $no) { pet { id } }
          ... on Being @skip(if: $no) { id }
        }
      }
      fragment Named on Person { name }
      fragment Married on Person { spouse { name } }
    `,
    variables: { yes: true, no: false },
    data: { person: { name: 'Anne', id: '2' } },
  },
  {
    name: 'include and skip together: a field is there only if both allow it',
    query: `
      query ($a: Boolean!, $b: Boolean!) {
        one: person(id: "1") { id name @include(if: $a) @skip(if: $b) }
        two: person(id: "1") { id name @include(if: $b) @skip(if: $a) }
        three: person(id: "1") { id name @include(if: $a) @skip(if: $a) }
      }
    `,
    variables: { a: true, b: false },
    data: { one: { id: '1', name: 'Ada' }, two: { id: '1' }, three: { id: '1' } },
  },
  {
    name: 'a fetch that is skipped is not sent',
    query:
      'query ($no: Boolean!) { person(id: "1") { id name @include(if: $no) ...Married @include(if: $no) } } fragment Married on Person { spouse { name } }',
    variables: { no: false },
    data: { person: { id: '1' } },
    calls: { names: 0 },
  },
  {
    name: 'a root field that is skipped is not fetched, and all of them skipped is an empty answer',
    query: 'query ($no: Boolean!) { root @include(if: $no) { name } ... @include(if: $no) { everyone { id } } }',
    variables: { no: false },
    data: {},
    calls: { tree: 0, names: 0 },
  },
  {
    name: 'a field skipped at one place and asked for at another is there',
    query: 'query ($no: Boolean!) { root { name @include(if: $no) ...Named } } fragment Named on Person { name }',
    variables: { no: false },
    data: { root: { name: 'Ada' } },
  },
  {
    name: 'conditions inside conditions',
    query: `
      query ($a: Boolean!, $b: Boolean!) {
        root { id ... @include(if: $a) { spouse { name } name ... @include(if: $b) { pet { id } } parents @skip(if: $b) { name } } }
      }
    `,
    variables: { a: true, b: false },
    data: { root: { id: '1', spouse: null, name: 'Ada', parents: [{ name: 'Anne' }, { name: 'George' }] } },
  },
  {
    name: 'the order of fields is that of the client across subgraphs, fragments and repetitions',
    query:
      '{ root { name id ...F pet { owner { name id } id } } } fragment F on Person { parents { id name } name self { name } id }',
    data: {
      root: {
        name: 'Ada',
        id: '1',
        parents: [
          { id: '2', name: 'Anne' },
          { id: '3', name: 'George' },
        ],
        self: { name: 'Ada' },
        pet: { owner: { name: 'Ada', id: '1' }, id: 'd' },
      },
    },
  },
  {
    name: 'a way that goes back and forth between the subgraphs many times',
    query: '{ root { parents { spouse { self { spouse { pet { owner { spouse { name } } } } } } } } }',
    data: {
      root: {
        parents: [
          { spouse: { self: { spouse: { pet: { owner: { spouse: { name: 'George' } } } } } } },
          { spouse: { self: { spouse: { pet: null } } } },
        ],
      },
    },
  },
  {
    name: 'twenty levels down inside one subgraph, with the name at the bottom from the other',
    query: `{ root { ${'self { '.repeat(20)} name ${'} '.repeat(20)} } }`,
    data: { root: Array.from({ length: 20 }).reduce<object>((inner) => ({ self: inner }), { name: 'Ada' }) },
    calls: { tree: 1, names: 1 },
  },
  {
    name: 'the operation is chosen by its name, and its fragments with it',
    query: `
      query One { root { ...F } }
      query Two { person(id: "3") { ...F } }
      fragment F on Person { name }
    `,
    operationName: 'Two',
    data: { person: { name: 'George' } },
  },
];
