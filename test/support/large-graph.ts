import type { SubgraphSchema } from '../../composition/compose.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
const SUBGRAPHS = 4;

/**
 * Subgraphs of a graph as large as one wants: entities in four subgraphs, each with references to two others, so that
 * operations go from one subgraph to the next.
 *
 * @param extra a field of the first type, to have another graph
 * @param subgraphs how many, if not four
 */
export function largeGraph(types: number, extra = 'extra', subgraphs = SUBGRAPHS): readonly SubgraphSchema[] {
  return Array.from({ length: subgraphs }, (_, subgraph) => {
    const own = Array.from({ length: types }, (_, number) => number).filter(
      (number) => number % subgraphs === subgraph,
    );
    const referred = new Set(own.flatMap((number) => [nextOf(number, types), otherOf(number, types)]));
    const stubs = [...referred].filter((number) => number % subgraphs !== subgraph);
    const definitions = [
      LINK,
      `type Query { ${own.map((number) => `t${number}(id: ID!): T${number}`).join(' ')} }`,
      ...own.map((number) => definition(number, types, number === 0 ? extra : undefined)),
      ...stubs.map((number) => `type T${number} @key(fields: "id") { id: ID! }`),
      'enum Kind { A B C }',
    ];
    return { name: `large${subgraph}`, url: `http://127.0.0.1:1/${subgraph}`, sdl: definitions.join('\n') };
  });
}

function definition(number: number, types: number, extra: string | undefined): string {
  return `"A type with number ${number}."
    type T${number} @key(fields: "id") {
      id: ID!
      "What it is called."
      name: String
      count(first: Int = 10): Int
      flag: Boolean
      kind: Kind
      next: T${nextOf(number, types)}
      others: [T${otherOf(number, types)}!]
      a${number}: String
      b${number}: Float
      ${extra === undefined ? '' : `${extra}: Int`}
    }`;
}

const nextOf = (number: number, types: number) => (number + 1) % types;
const otherOf = (number: number, types: number) => (number * 7 + 3) % types;

/** An operation on it, six types deep, in which each step goes to another subgraph. */
export function largeGraphOperation(number: number, types: number): string {
  const selection = (type: number, depth: number): string =>
    `{ id name count(first: 3) kind a${type}${depth === 0 ? '' : ` next ${selection(nextOf(type, types), depth - 1)} others ${selection(otherOf(type, types), depth - 1)}`} }`;
  const type = number % types;
  return `query Large${number} { t${type}(id: "1") ${selection(type, 5)} }`;
}
