import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { createRandom, randomQuery } from '../../../federation/support/random-operation.ts';
import type { Answer } from '../../../support/test-gateway.ts';
import { type Caller, type GuardedGraph, startGuardedGraph } from './guarded-graph.ts';
import { CATALOG, REVIEWS } from './shop.ts';

/** Whatever is asked: no subgraph is asked for what the caller may not have, and what the caller may have is as for those who may all. */

const SEED = 2026;
const OPERATIONS = 80;

const AUTHENTICATED = ({ scopes }: Caller) => scopes !== undefined;
/** Written down apart from the schema. The key `Ledger.number` is not here: the planner fetches it for itself. */
const GUARDED: Readonly<Record<string, (caller: Caller) => boolean>> = {
  'Product.cost': AUTHENTICATED,
  'Product.margin': AUTHENTICATED,
  'Product.supplier': AUTHENTICATED,
  'Product.notes': AUTHENTICATED,
  'Product.value': AUTHENTICATED,
  'Part.secret': AUTHENTICATED,
  'Product.tag': ({ scopes = [] }) => scopes.includes('tags'),
};
const CALLERS: readonly Caller[] = [{}, { scopes: [] }, { scopes: ['tags'] }];
const MAY_ALL: Caller = { scopes: ['tags'] };

describe('random operations', () => {
  let graph: GuardedGraph;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    graph = await startGuardedGraph([CATALOG, REVIEWS]);
    const { body } = await graph.ask(getIntrospectionQuery());
    schema = buildClientSchema(body.data as unknown as IntrospectionQuery);
  });
  afterAll(() => graph.close());

  it('fetch nothing that is forbidden, and give all that is allowed', async () => {
    const random = createRandom(SEED);
    let refusals = 0;
    for (let count = 0; count < OPERATIONS; count++) {
      const query = randomQuery(schema, random);
      const whole = await graph.ask(query, MAY_ALL);
      expect({ query, errors: whole.body.errors }).toEqual({ query, errors: undefined });
      graph.received();
      for (const caller of CALLERS) {
        const answer = await graph.ask(query, caller);
        const forbidden = graph.received().filter((field) => GUARDED[field]?.(caller) === false);
        expect({ query, caller, forbidden }).toEqual({ query, caller, forbidden: [] });
        expect({ query, caller, wrong: difference(whole, answer) }).toEqual({ query, caller, wrong: undefined });
        refusals += answer.body.errors?.length ?? 0;
      }
    }
    expect(refusals).toBeGreaterThan(OPERATIONS);
  });
});

/** Where an answer is other than that to who may have all, without a refusal there or below that says why. */
function difference({ body: whole }: Answer, { body }: Answer): string | undefined {
  const refusals = (body.errors ?? []).map(({ path = [], extensions: { code } }) => {
    if (code !== 'UNAUTHORIZED_FIELD_OR_TYPE') throw new Error(String(code));
    return path.join('.');
  });
  const isExplained = (place: string) =>
    refusals.some((path) => place === '' || path === place || path.startsWith(`${place}.`));
  return compare(whole.data, body.data, '');

  function compare(all: unknown, some: unknown, place: string): string | undefined {
    if (some === null && all !== null) return isExplained(place) ? undefined : place;
    if (typeof all !== 'object' || all === null) return Object.is(all, some) ? undefined : place;
    if (typeof some !== 'object' || some === null || Object.keys(all).join() !== Object.keys(some).join()) return place;
    const below = Object.entries(all).map(([key, value]) =>
      compare(value, (some as Record<string, unknown>)[key], place === '' ? key : `${place}.${key}`),
    );
    return below.find((wrong) => wrong !== undefined);
  }
}
