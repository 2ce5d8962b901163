import type { SubgraphSchema } from '../../composition/compose.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable"])';

/** A graph in which one field can be had from many subgraphs: there are so many plans that planning takes very long. */
export function hostileGraph(url = 'http://127.0.0.1:1'): readonly SubgraphSchema[] {
  return Array.from({ length: 5 }, (_, number) => ({
    name: `hostile${number}`,
    url,
    sdl: `${LINK} type Query { t: T @shareable easy${number}: Int } type T @key(fields: "id") { id: ID! next: T @shareable only${number}: Int }`,
  }));
}

/** An operation on it that is valid, within the limits, and takes a planner without bounds many seconds. */
export function hostileOperation(depth = 6): string {
  const selection = (levels: number): string =>
    levels === 0
      ? '{ only0 only1 only2 only3 only4 }'
      : `{ id a: next ${selection(levels - 1)} b: next ${selection(levels - 1)} c: next ${selection(levels - 1)} }`;
  return `{ t ${selection(depth)} }`;
}
