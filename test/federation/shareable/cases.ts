import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a root field that two subgraphs have is asked of one',
    query: '{ now { seconds zone { name } } }',
    data: { now: { seconds: 1, zone: { name: 'UTC' } } },
    calls: { left: 1, right: 0 },
  },
  {
    name: 'root fields of both subgraphs stand in the client’s order',
    query: '{ rightOnly { seconds } now { seconds } leftOnly }',
    data: { rightOnly: { seconds: 3 }, now: { seconds: 1 }, leftOnly: 1 },
    calls: { left: 1, right: 1 },
  },
  {
    name: 'a shared field is taken from where the entity is',
    query: '{ item(id: "4") { title moment { seconds } } rightItems { title } }',
    data: {
      item: { title: 'title 4', moment: { seconds: 2 } },
      rightItems: [{ title: 'title 1' }, { title: 'title 2' }],
    },
    calls: { left: 1, right: 1 },
  },
  {
    name: 'fields of one entity come from both sides',
    query: '{ rightItems { right left title } }',
    data: {
      rightItems: [
        { right: 1, left: -1, title: 'title 1' },
        { right: 2, left: -2, title: 'title 2' },
      ],
    },
    calls: { left: 1, right: 1 },
  },
  {
    name: 'a value type whose parts come from two subgraphs is merged from two root fields',
    query: '{ common { both rightPart } }',
    data: { common: { both: 'both', rightPart: 7 } },
  },
  {
    name: 'a null inside a value type stays null',
    query: '{ item(id: "1") { moment { zone { name } } } }',
    data: { item: { moment: { zone: null } } },
  },
  {
    name: 'the same shared root field under two aliases',
    query: '{ a: now { seconds } b: now { zone { name } } }',
    data: { a: { seconds: 1 }, b: { zone: { name: 'UTC' } } },
  },
];
