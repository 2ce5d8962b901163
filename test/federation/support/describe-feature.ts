import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { compose } from '../../../composition/compose.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';
import { type Executor, type OperationRequest, type OperationResponse, startOurs, startStock } from './executors.ts';
import { createRandom, randomQuery, renameKeys, restoreKeys } from './random-operation.ts';
import { type RunningSubgraph, startSubgraph, type TestSubgraph } from './subgraph.ts';

/** An operation and its answer, the same on our gateway and on the stock one. */
export interface FederationCase extends OperationRequest, Answer {
  /** A sentence in the present. */
  readonly name: string;
  /** Where the stock gateway answers differently, and why ours is right. */
  readonly stock?: Answer & { readonly reason: string };
  /** Why ours does not give the answer yet: a known fault. The test then asserts that it fails, and tells when it is repaired. */
  readonly fault?: string;
  /** How many requests each subgraph receives from ours. */
  readonly calls?: Readonly<Record<string, number>>;
  /** How many representations each subgraph receives from ours, in all its requests. */
  readonly representations?: Readonly<Record<string, number>>;
}

export interface Answer {
  /** Its keys in the order of the client; `undefined` where the operation is refused before execution. */
  readonly data?: unknown;
  readonly errors?: readonly ExpectedError[];
}

export interface ExpectedError {
  readonly path?: readonly (string | number)[];
  readonly code?: string;
  /** The message, or a part of it. */
  readonly message?: string;
}

/** What a folder beside `support/` exports from its `feature.ts`. */
export interface FederationFeature {
  readonly title: string;
  readonly subgraphs: readonly TestSubgraph[];
  readonly cases: readonly FederationCase[];
  /** Why the stock gateway does not load this supergraph; it is tried, and has to refuse. */
  readonly stockRefuses?: string;
  /** Where answers of the stock gateway to random operations are no measure, or random operations make no sense. */
  readonly random?: { readonly against: 'ours alone' | 'nothing'; readonly reason: string };
  /** Tests of ours alone. */
  readonly more?: (running: () => RunningFeature) => void;
}

const RANDOM_SEED = 2026;
/** Enough to meet what nobody thought of, few enough for every run; a larger number is for a long evening. */
const RANDOM_OPERATIONS = 4;
/** Most of a start is waiting for threads: so many features start together. */
const SIDE_BY_SIDE = 4;

/** What runs while the tests of a feature do. */
export interface RunningFeature {
  readonly supergraphSdl: string;
  readonly ours: Executor;
  readonly subgraphs: ReadonlyMap<string, RunningSubgraph>;
}

/**
 * The tests of features of federation: real subgraphs on real ports, composed, and each operation on our gateway and on
 * the stock one, which must give the answer written down.
 */
export function describeFeatures(definitions: readonly FederationFeature[]): void {
  const stack = new ClosingStack();
  const starts = new Map<FederationFeature, Promise<StartedFeature>>();
  const start = (definition: FederationFeature) => {
    const started = starts.get(definition) ?? startFeature(stack, definition);
    starts.set(definition, started);
    return started;
  };
  for (const [index, definition] of definitions.entries()) {
    const first = index - (index % SIDE_BY_SIDE);
    describeFeature(definition, async () => {
      // Inside one hook: between tests Jest lets nobody import, as Apollo Server does when it starts.
      await Promise.allSettled(definitions.slice(first, first + SIDE_BY_SIDE).map(start));
      return start(definition);
    });
  }
  afterAll(() => stack.close());
}

interface StartedFeature extends RunningFeature, Running {
  readonly stock: Executor | undefined;
}

/** @param until closes what its tests did not come to close */
async function startFeature(
  until: ClosingStack,
  { title, subgraphs, stockRefuses }: FederationFeature,
): Promise<StartedFeature> {
  const stack = until.add(title, new ClosingStack());
  const running = await Promise.all(subgraphs.map(startSubgraph));
  for (const subgraph of running) stack.add('subgraph', subgraph);
  const composition = compose(running.map(({ schema }) => schema));
  if ('errors' in composition) throw new Error(composition.errors.map(({ message }) => message).join('\n'));
  const { supergraphSdl } = composition;
  const ours = stack.add('our gateway', await startOurs(supergraphSdl));
  const stock = stockRefuses === undefined ? stack.add('stock gateway', await startStock(supergraphSdl)) : undefined;
  return {
    ...{ supergraphSdl, ours, stock },
    subgraphs: new Map(running.map((subgraph) => [subgraph.schema.name, subgraph])),
    close: () => stack.close(),
  };
}

function describeFeature(definition: FederationFeature, start: () => Promise<StartedFeature>): void {
  const { title, cases, stockRefuses, random, more } = definition;
  describe(title, () => {
    let feature: StartedFeature;

    beforeAll(async () => {
      feature = await start();
    });
    afterAll(() => feature.close());

    const reset = () => {
      for (const subgraph of feature.subgraphs.values()) subgraph.reset();
    };

    describe.each(cases)('$name', (each) => {
      const onOurs = each.fault === undefined ? it : it.failing;
      onOurs(each.fault === undefined ? 'on ours' : `on ours not yet: ${each.fault}`, async () => {
        reset();
        const response = await feature.ours.execute(requestOf(each));
        expectAnswer(response, each);
        expect(JSON.stringify(response.data)).toBe(JSON.stringify(each.data));
        for (const [name, count] of Object.entries(each.calls ?? {}))
          expect({ [name]: callsOf(name).length }).toEqual({ [name]: count });
        for (const [name, count] of Object.entries(each.representations ?? {})) {
          const received = callsOf(name).flatMap(({ variables }) => (variables.representations as unknown[]) ?? []);
          expect({ [name]: received.length }).toEqual({ [name]: count });
        }
      });

      if (stockRefuses !== undefined) return;
      it(each.stock === undefined ? 'on stock' : `on stock, otherwise: ${each.stock.reason}`, async () => {
        reset();
        expectAnswer((await feature.stock?.execute(requestOf(each))) ?? {}, each.stock ?? each);
      });
    });

    const callsOf = (name: string) => {
      const subgraph = feature.subgraphs.get(name);
      if (subgraph === undefined) throw new TypeError(`there is no subgraph ${name}`);
      return subgraph.calls();
    };

    if (stockRefuses !== undefined) {
      it(`is refused by the stock gateway: ${stockRefuses}`, async () => {
        await expect(startStock(feature.supergraphSdl)).rejects.toThrow();
      });
    }
    if (random?.against !== 'nothing') {
      it('answers random operations the same, whatever a client names things, and as the stock gateway does', async () => {
        const oracle = random === undefined && stockRefuses === undefined ? feature.stock : undefined;
        await expectSameAnswers(feature.ours, oracle);
      });
    }

    more?.(() => feature);
  });
}

function requestOf({ query, variables, operationName }: FederationCase): OperationRequest {
  return { query, variables, operationName };
}

function expectAnswer(response: OperationResponse, { data, errors = [] }: Answer): void {
  const expected = errors.map(({ path, code, message }) => ({
    ...(path === undefined ? {} : { path }),
    ...(message === undefined ? {} : { message: expect.stringContaining(message) as unknown }),
    ...(code === undefined ? {} : { extensions: expect.objectContaining({ code }) as unknown }),
  }));
  const received = [...(response.errors ?? [])];
  // Both sides are shown whole when they differ: an error that is missing explains a null, and the other way round.
  expect({ data: response.data, errors: received.sort(byPath) }).toEqual({
    data,
    errors: expected.sort(byPath).map((error) => expect.objectContaining(error) as unknown),
  });
}

function byPath(one: { path?: readonly (string | number)[] | undefined }, other: typeof one): number {
  return JSON.stringify(one.path ?? []).localeCompare(JSON.stringify(other.path ?? []));
}

/** Random queries, as they are and with every key renamed: names must make no difference, nor who executes. */
async function expectSameAnswers(ours: Executor, stock: Executor | undefined): Promise<void> {
  const { data: introspection } = await ours.execute({ query: getIntrospectionQuery() });
  const schema = buildClientSchema(introspection as IntrospectionQuery);
  const random = createRandom(RANDOM_SEED);
  for (let count = 0; count < RANDOM_OPERATIONS; count++) {
    const query = randomQuery(schema, random);
    const renamed = renameKeys(query);
    const { data } = await ours.execute({ query });
    for (const executor of stock === undefined ? [ours] : [ours, stock]) {
      const again = await executor.execute({ query: renamed });
      expect({ query, data: restoreKeys(again.data) }).toEqual({ query, data });
    }
  }
}
