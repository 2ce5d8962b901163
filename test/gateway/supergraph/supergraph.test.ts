import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSupergraph, SupergraphError } from '../../../gateway/supergraph/supergraph.ts';
import { createPlanners, type Planners } from '../../../planning/planners.ts';
import { largeGraph } from '../../support/large-graph.ts';
import { PLANNING } from '../../support/planning-options.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated"])';

describe('a supergraph that cannot be served', () => {
  let planners: Planners;
  beforeEach(() => {
    planners = createPlanners({ ...PLANNING, heapMb: 40 });
  });
  afterEach(() => planners.close());

  const build = (sdl: string) =>
    buildSupergraph(sdl, { createPlanner: planners.create, origin: 'test', enforced: new Set() });

  it('is refused in the words of the planner', async () => {
    const refused = build('type Query { a: Int }');
    await expect(refused).rejects.toThrow(SupergraphError);
    await expect(refused).rejects.toThrow(/^The supergraph of test cannot be loaded: Invalid supergraph/);
  });

  it('is refused when it has a security directive that nobody enforces', async () => {
    const sdl = composeOrThrow([
      { name: 'one', url: 'http://127.0.0.1:1', sdl: `${LINK} type Query { a: Int @authenticated }` },
    ]);
    await expect(build(sdl)).rejects.toThrow(/uses @authenticated, which this gateway does not enforce/);
  });

  it('is refused when it does not fit the memory of a thread, by the name of the option', async () => {
    const sdl = composeOrThrow(largeGraph(500));
    await expect(build(sdl)).rejects.toThrow(/takes more memory than planning.heapMb, which is 40/);
  });
});
