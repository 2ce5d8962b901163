import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { buildPlanner } from '../../planning/planner.ts';
import type { PlanningOptions } from '../../planning/planner-threads.ts';
import { createPlanner, type Planner } from '../../planning/threaded-planner.ts';
import { hostileGraph, hostileOperation } from '../support/hostile-graph.ts';
import { largeGraph, largeGraphOperation } from '../support/large-graph.ts';
import { PLANNING } from '../support/planning-options.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const TYPES = 12;
const SDL = composeOrThrow(largeGraph(TYPES));
const HOSTILE = composeOrThrow(hostileGraph());

describe('a planner in threads', () => {
  /** With the default options, for all tests that leave nothing behind. */
  let usual: Planner;
  let planner: Planner;
  beforeAll(async () => {
    usual = await createPlanner(SDL, PLANNING);
  });
  beforeEach(() => {
    planner = usual;
  });
  afterEach(() => (planner === usual ? undefined : planner.close()));
  afterAll(() => usual.close());

  async function start(sdl: string, options: Partial<PlanningOptions> = {}): Promise<void> {
    planner = await createPlanner(sdl, { ...PLANNING, ...options });
  }
  const plan = (document: string, client = 'one') =>
    planner.plan({ document, operationName: undefined, conditions: new Map(), labels: undefined }, client);

  it('plans as the planner itself does, and says how large the plan is', async () => {
    const text = largeGraphOperation(3, TYPES);
    const expected = buildPlanner(SDL).plan(parse(text), undefined);
    const { plan: planned, characters } = await plan(text).result;
    expect(planned).toEqual(expected);
    expect(characters).toBe(JSON.stringify(expected).length);
  });

  it('leaves out what conditions leave out', async () => {
    const { plan: planWith } = planner;
    const document = 'query ($yes: Boolean!) { t0(id: 1) { name @skip(if: $yes) flag @include(if: $yes) } }';
    const operation = { document, operationName: undefined, labels: undefined };
    const [skipped, shown] = await Promise.all(
      [true, false].map((yes) => planWith({ ...operation, conditions: new Map([['yes', yes]]) }, 'one').result),
    );
    expect(JSON.stringify(skipped?.plan)).toContain('flag');
    expect(JSON.stringify(skipped?.plan)).not.toContain('name}');
    expect(JSON.stringify(shown?.plan)).not.toContain('flag');
  });

  it('knows the schemas, the subgraphs and what is required', async () => {
    const local = buildPlanner(SDL);
    const { apiSchema, schema, subgraphs, features, required } = planner;
    expect(apiSchema.getType('T1')?.toConfig().description).toBe('A type with number 1.');
    expect(apiSchema.getType('join__Graph')).toBeUndefined();
    expect(schema.getType('join__Graph')).toBeDefined();
    expect({ subgraphs, features, required }).toEqual({
      subgraphs: [...local.subgraphs],
      features: local.features,
      required: local.required,
    });
  });

  it('validates, and tells where each error is', async () => {
    const { validate } = planner;
    expect(await validate('{ t0(id: 1) { id } }', 'one').result).toEqual([]);
    expect(await validate('{ t0(id: 1) { id }\n  nothing }', 'one').result).toEqual([
      { message: expect.stringContaining('nothing') as unknown, locations: [{ line: 2, column: 3 }] },
    ]);
  });

  it('refuses what is no supergraph, in the words of the planner', async () => {
    await expect(createPlanner('type Query { a: Int }', PLANNING)).rejects.toThrow(/Invalid supergraph/);
    await expect(createPlanner('type Query {', PLANNING)).rejects.toThrow(/Syntax Error/);
  });

  it('tells an error of the planner as it is', async () => {
    await expect(plan('{ nothing }').result).rejects.toThrow(/nothing/);
  });

  it('lets a flood of one client wait for another client, not the other way round', async () => {
    const done: string[] = [];
    const order = async (client: string, number: number) => {
      await plan(largeGraphOperation(number, TYPES), client).result;
      done.push(client);
    };
    const flood = Array.from({ length: 20 }, (_, number) => order('flood', number));
    const others = ['one', 'two'].flatMap((client) => [order(client, 30), order(client, 31)]);
    await Promise.all([...flood, ...others]);
    // What the flood had begun, and its turn between those of the others.
    expect(done.slice(0, 7)).toEqual(['flood', 'flood', 'one', 'two', 'flood', 'one', 'two']);
  });

  it('does what two clients wait for when the first of them has its turn', async () => {
    const done: string[] = [];
    const note = (name: string) => () => void done.push(name);
    const flood = Array.from({ length: 5 }, (_, number) => plan(largeGraphOperation(number, TYPES), 'flood'));
    const all = flood.map(({ result }, number) => result.then(note(`${number}`)));
    flood[4]?.join('other');
    await Promise.all(all);
    expect(done).toEqual(['0', '1', '4', '2', '3']);
  });

  it('refuses when too much waits, and the greedy client first', async () => {
    await start(SDL, { queueLength: 2 });
    const flood = Array.from({ length: 4 }, (_, number) => plan(largeGraphOperation(number, TYPES), 'flood').result);
    const other = plan(largeGraphOperation(9, TYPES), 'other').result;
    const outcomes = await Promise.allSettled([...flood, other]);
    const refused = { status: 'rejected', reason: expect.objectContaining({ fault: 'queue full' }) as unknown };
    const planned = expect.objectContaining({ status: 'fulfilled' }) as unknown;
    expect(outcomes).toEqual([planned, planned, refused, refused, planned]);
  });

  it('refuses what waits too long, and ends what is under way', async () => {
    await start(HOSTILE, { queueTimeoutMs: 100, timeoutMs: 60_000 });
    const hostile = plan(hostileOperation(), 'hostile').result;
    const other = plan('{ easy0 easy1 }', 'other').result;
    await expect(other).rejects.toMatchObject({ fault: 'waited too long', bound: 100 });
    expect((await hostile).characters).toBeGreaterThan(0);
    expect((await plan('{ easy0 easy1 }', 'other').result).characters).toBeGreaterThan(0);
  });

  it('ends a thread that takes too long, and goes on with another', async () => {
    await start(HOSTILE, { timeoutMs: 500 });
    const hostile = plan(hostileOperation(), 'hostile').result;
    const next = plan('{ easy0 easy1 }', 'other').result;
    await expect(hostile).rejects.toMatchObject({ fault: 'too slow', bound: 500 });
    expect((await next).characters).toBeGreaterThan(0);
  });

  it('ends a thread that takes too much memory, and goes on with another', async () => {
    await start(HOSTILE, { heapMb: 40, timeoutMs: 60_000 });
    await expect(plan(hostileOperation()).result).rejects.toMatchObject({ fault: 'too large', bound: 40 });
    expect((await plan('{ easy0 easy1 }').result).characters).toBeGreaterThan(0);
  });

  it('refuses what has too many ways', async () => {
    await start(HOSTILE, { maxPaths: 3 });
    const refused = plan('{ t { next { only0 only1 only2 } } }').result;
    await expect(refused).rejects.toMatchObject({ fault: 'too many choices', bound: 3 });
  });

  it('works in several threads at once', async () => {
    await start(HOSTILE, { threads: 2, timeoutMs: 60_000 });
    const hostile = plan(hostileOperation(), 'hostile').result;
    // The other thread may still be on its way: whichever took the hostile one, this is not behind it.
    expect((await plan('{ easy0 }', 'hostile').result).characters).toBeGreaterThan(0);
    const refused = expect(hostile).rejects.toMatchObject({ fault: 'closed' });
    await planner.close();
    await refused;
  });

  it('refuses everything when it is closed, also what is under way', async () => {
    await start(SDL);
    const works = [0, 1].map((number) => plan(largeGraphOperation(number, TYPES)).result);
    const refused = Promise.allSettled(works);
    await planner.close();
    for (const outcome of await refused) expect(outcome).toMatchObject({ reason: { fault: 'closed' } });
    await expect(plan('{ __typename }').result).rejects.toMatchObject({ fault: 'closed' });
  });
});
