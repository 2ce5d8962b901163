import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { buildPlanner } from '../../planning/planner.ts';
import { openPlannerPair, type PairOptions, type PlannerPair } from '../../planning/planner-pair.ts';
import { hostileGraph, hostileOperation } from '../support/hostile-graph.ts';
import { largeGraph, largeGraphOperation } from '../support/large-graph.ts';
import { PLANNING } from '../support/planning-options.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const TYPES = 12;
const SMALL = composeOrThrow(largeGraph(TYPES - 1));
const LARGE = composeOrThrow(largeGraph(TYPES));
const HOSTILE = composeOrThrow(hostileGraph());

const taskOf = (document: string) => ({ document, operationName: undefined, conditions: new Map(), labels: undefined });

describe('a pair of planners in a thread', () => {
  let pair: PlannerPair;
  afterEach(() => pair.close());

  function open(sdl: string, options: Partial<PairOptions> = {}): PlannerPair {
    pair = openPlannerPair(sdl, { ...PLANNING, ...options });
    return pair;
  }

  it('validates and plans on each as the planner itself does', async () => {
    const { first, second } = await open(SMALL).read(LARGE);
    for (const [planner, sdl, types] of [[first, SMALL, TYPES - 1] as const, [second, LARGE, TYPES] as const]) {
      const local = buildPlanner(sdl);
      expect(planner.required).toEqual(local.required);
      const text = largeGraphOperation(3, types);
      expect((await planner.plan(taskOf(text))).plan).toEqual(local.plan(parse(text), undefined));
    }
    const text = `{ t${TYPES - 1}(id: 1) { id } }`;
    expect(await first.validate(text)).toMatchObject([{ message: expect.stringContaining(`t${TYPES - 1}`) }]);
    expect(await second.validate(text)).toEqual([]);
  });

  it('says of either that it is no supergraph, in the words of the planner', async () => {
    await expect(open(SMALL).read('type Query { a: Int }')).rejects.toThrow(/Invalid supergraph/);
    await pair.close();
    await expect(open('type Query {').read(SMALL)).rejects.toThrow(/Syntax Error/);
  });

  it('ends a thread that takes too long, and goes on with another that knows both', async () => {
    const { first, second } = await open(HOSTILE, { timeoutMs: 500 }).read(SMALL);
    const hostile = first.plan(taskOf(hostileOperation()));
    const next = second.validate('{ t0(id: 1) { id } }');
    await expect(hostile).rejects.toMatchObject({ fault: 'too slow', bound: 500 });
    expect(await next).toEqual([]);
    expect((await first.plan(taskOf('{ easy0 }'))).characters).toBeGreaterThan(0);
  });

  it('refuses everything when it is closed, also what is under way', async () => {
    const { first, second } = await open(HOSTILE, { timeoutMs: 60_000 }).read(SMALL);
    const works = Promise.allSettled([first.plan(taskOf(hostileOperation())), second.validate('{ t0(id: 1) { id } }')]);
    await pair.close();
    for (const outcome of await works) expect(outcome).toMatchObject({ reason: { fault: 'closed' } });
    await expect(second.validate('{ __typename }')).rejects.toMatchObject({ fault: 'closed' });
  });

  it('refuses to read when it is closed while it starts', async () => {
    const reading = open(SMALL).read(LARGE);
    const refused = expect(reading).rejects.toMatchObject({ fault: 'closed' });
    await pair.close();
    await refused;
  });
});
