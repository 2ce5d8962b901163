import { compose as merge, validateSatisfiability } from '@apollo/composition';
import { buildSubgraph, type Schema, Subgraphs } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { checkSatisfiability } from '../../composition/satisfiability.ts';
import { generateModel, range } from '../differential/generate-model.ts';
import { createRandom } from '../differential/random.ts';
import { printSubgraph } from '../differential/subgraph-sdl.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@override"])';

/** Subgraphs merged, as composition has them before it looks at what can be reached. `undefined` when they do not merge. */
function merged(sdls: readonly string[]): Schema | undefined {
  try {
    const subgraphs = new Subgraphs();
    for (const [index, sdl] of sdls.entries())
      subgraphs.add(buildSubgraph(`s${index}`, `http://127.0.0.1:1/${index}`, parse(sdl)));
    return merge(subgraphs, { runSatisfiability: false }).schema;
  } catch {
    return undefined;
  }
}

/** A random graph, some of whose keys nobody resolves. */
function randomGraph(seed: number): Schema | undefined {
  const random = createRandom(seed);
  const model = generateModel(random);
  const unresolvable = (sdl: string) =>
    sdl.replaceAll(/@key\(fields: ("[^"]*")\)/g, (key, fields) =>
      seed % 3 === 0 && random.chance(0.5) ? `@key(fields: ${fields}, resolvable: false)` : key,
    );
  return merged(range(model.subgraphs).map((subgraph) => unresolvable(printSubgraph(model, subgraph))));
}

describe('satisfiability', () => {
  it('is what the library says it is, of random graphs', () => {
    const outcomes = { reachable: 0, unreachable: 0 };
    for (const seed of range(60)) {
      const supergraphSchema = randomGraph(seed);
      if (supergraphSchema === undefined) continue;
      const { errors } = checkSatisfiability(supergraphSchema);
      const { errors: expected = [] } = validateSatisfiability({ supergraphSchema });
      expect({ seed, isReachable: errors.length === 0 }).toEqual({ seed, isReachable: expected.length === 0 });
      outcomes[errors.length === 0 ? 'reachable' : 'unreachable']++;
    }
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(10);
  });

  it('tells the shortest query that has no answer', () => {
    const schema = merged([
      `${LINK} type Query { far: A t: T } type A { b: B } type B { t: T } type T { id: ID! @shareable }`,
      `${LINK} type T { id: ID! @shareable x: Int }`,
    ]);
    const { errors } = checkSatisfiability(schema as Schema);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('{\n  t {\n    x\n  }\n}') as unknown as string,
    ]);
  });

  it('is told in the words of the library where a mutation is satisfiable from no subgraph', () => {
    const supergraphSchema = merged(
      ['a', 'b'].map(
        (name) =>
          `${LINK} type Query { ${name}: Int } type Mutation { change: T @shareable } type T { id: ID! @shareable ${name}: Int }`,
      ),
    ) as Schema;
    const textsOf = ({ errors = [] }: { errors?: readonly Error[] }) => errors.map(({ message }) => message);
    const told = textsOf(checkSatisfiability(supergraphSchema));
    expect(told).toHaveLength(1);
    expect(told).toEqual(textsOf(validateSatisfiability({ supergraphSchema })));
  });

  it('goes by the decision that was taken on the way to a field that moves', () => {
    const schema = merged([
      `${LINK} type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }`,
      `${LINK} type T @key(fields: "id") { id: ID! x: Int @override(from: "s0", label: "percent(10)") }`,
    ]);
    expect(checkSatisfiability(schema as Schema)).toEqual({ errors: [], hints: [] });
  });
});
