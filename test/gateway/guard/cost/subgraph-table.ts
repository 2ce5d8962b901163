/** Operations with what each subgraph is asked for, computed by hand: fields and types together. See `cost-graph.ts`. */
export interface SubgraphRow {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly subgraphs: Readonly<Record<string, number>>;
}

const USER = 1;
const REVIEW = 3;
const TEXT = 2;

export const SUBGRAPH_TABLE: readonly SubgraphRow[] = [
  {
    name: 'one subgraph: the operation itself, and the keys that it is not asked for cost nothing more',
    query: '{ me { age } }',
    subgraphs: { shop: 1 + 1 + USER + 2 },
  },
  {
    name: 'entities of a list, as many as it has at most',
    query: 'query ($max: Int) { users(max: $max) { reviews(first: 2) { text } } }',
    variables: { max: 5 },
    subgraphs: { shop: 1 + 1 + 5 * USER, reviews: 5 * (USER + 1 + 2 * (REVIEW + TEXT)) },
  },
  {
    name: 'entities in lists inside one another',
    query: '{ users(max: 5) { friends(first: 3) { reviews(first: 1) { id } } } }',
    subgraphs: { shop: 1 + 1 + 5 * (USER + 1 + 3 * USER), reviews: 5 * 3 * (USER + 1 + REVIEW) },
  },
  {
    name: 'entities of entities: what the first brought is counted by its own arguments',
    query: '{ users(max: 2) { reviews { writer { name } } } }',
    subgraphs: { shop: 1 + 1 + 2 * USER + 2 * 4 * USER, reviews: 2 * (USER + 1 + 4 * (REVIEW + 1 + USER)) },
  },
  {
    name: 'entities in a list that a field above gives its size',
    query: '{ films(first: 3) { edges { node { credits { reviews(first: 1) { id } } } } } }',
    subgraphs: { shop: 1 + 1 + 1 + 1 + 3 * (1 + 1 + 7 + 1 + 3 * USER), reviews: 3 * 3 * (USER + 1 + REVIEW) },
  },
  {
    name: 'entities below an interface',
    query: '{ media { credits { reviews(first: 1) { id } } } }',
    subgraphs: { shop: 1 + 1 + 7 + 1 + 3 * USER, reviews: 3 * (USER + 1 + REVIEW) },
  },
  {
    name: 'entities at two places of one subgraph',
    query: '{ me { reviews(first: 1) { id } } users(max: 4) { reviews(first: 1) { id } } }',
    subgraphs: { shop: 1 + 1 + USER + 1 + 4 * USER, reviews: (1 + 4) * (USER + 1 + REVIEW) },
  },
  {
    name: 'root fields of two subgraphs: each has a root, and a shared one is asked of one of them',
    query: '{ hello me { reviews(first: 0) { id } } }',
    subgraphs: { shop: 1 + 1 + USER, reviews: USER + 1 },
  },
  {
    name: 'a mutation',
    query: 'mutation { rename(name: "x") { age reviews(first: 2) { id } } }',
    subgraphs: { shop: 10 + 1 + USER + 2, reviews: USER + 1 + 2 * REVIEW },
  },
];
