import type { TestSubgraph } from '../support/subgraph.ts';

/** A family tree with pets: deep, recursive, abstract, and split over two subgraphs. */

interface Reference {
  readonly id: string;
}

const people = [
  { __typename: 'Person', id: '1', parents: ['2', '3'], pet: { __typename: 'Dog', id: 'd', barks: true } },
  { __typename: 'Person', id: '2', parents: [], pet: { __typename: 'Cat', id: 'k', lives: 9 } },
  { __typename: 'Person', id: '3', parents: ['2'], pet: null },
];
const find = (wanted: string) => people.find(({ id }) => id === wanted);

export const tree: TestSubgraph = {
  name: 'tree',
  sdl: `
    type Query { person(id: ID!): Person everyone: [Being!]! root: Person! }
    interface Being { id: ID! }
    interface Pet implements Being { id: ID! owner: Person }
    type Person implements Being @key(fields: "id") { id: ID! parents: [Person!]! pet: Pet self: Person! }
    type Dog implements Pet & Being @key(fields: "id") { id: ID! owner: Person barks: Boolean }
    type Cat implements Pet & Being @key(fields: "id") { id: ID! owner: Person lives: Int }
  `,
  resolvers: {
    Query: {
      person: (_: unknown, { id }: Reference) => find(id),
      everyone: () => people.flatMap((person): object[] => (person.pet === null ? [person] : [person, person.pet])),
      root: () => find('1'),
    },
    Person: {
      __resolveReference: ({ id }: Reference) => find(id),
      parents: ({ parents }: { parents: string[] }) => parents.map(find),
      self: (person: object) => person,
    },
    Dog: { __resolveReference: ({ id }: Reference) => ({ id, barks: true }), owner: () => find('1') },
    Cat: { __resolveReference: ({ id }: Reference) => ({ id, lives: 9 }), owner: () => find('2') },
  },
};

export const names: TestSubgraph = {
  name: 'names',
  sdl: `
    type Person @key(fields: "id") { id: ID! name: String spouse: Person }
    type Dog @key(fields: "id") { id: ID! name: String }
    type Cat @key(fields: "id") { id: ID! name: String }
  `,
  resolvers: {
    Person: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      name: ({ id }: Reference) => ['', 'Ada', 'Anne', 'George'][Number(id)],
      spouse: ({ id }: Reference) => (id === '2' ? { id: '3' } : id === '3' ? { id: '2' } : null),
    },
    Dog: { __resolveReference: ({ id }: Reference) => ({ id }), name: () => 'Rex' },
    Cat: { __resolveReference: ({ id }: Reference) => ({ id }), name: () => 'Tom' },
  },
};
