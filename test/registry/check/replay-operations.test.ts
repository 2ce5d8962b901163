import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compose } from '../../../composition/compose.ts';
import { createPlannerPairs, type PlannerPairs } from '../../../planning/planner-pairs.ts';
import { createReplay, type Replay } from '../../../registry/check/replay-operations.ts';
import type { UsedOperation } from '../../../registry/storage/usage-window.ts';
import { PLANNING } from '../../support/planning-options.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])';

function supergraphOf(...sdls: readonly string[]): string {
  const schemas = sdls.map((sdl, number) => ({
    name: `s${number}`,
    url: `http://127.0.0.1:1/${number}`,
    sdl: LINK + sdl,
  }));
  const composition = compose(schemas);
  if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
  return composition.supergraphSdl;
}

const shop = (product: string) =>
  `type Query { top: Product } type Subscription { sold: Product } type Product @key(fields: "id") { id: ID! ${product} }`;
const PRICES = 'type Product @key(fields: "id") { id: ID! price: Int @shareable }';
/** The price is asked for elsewhere from now on, and the name is gone. */
const BEFORE = supergraphOf(shop('name: String price: Int @shareable'), PRICES);
const AFTER = supergraphOf(shop('title: String'), PRICES);

const operation = (body: string): UsedOperation => ({
  ...{ hash: body, name: null, count: 1, coordinates: [], clients: [], isPopular: true, body },
});

describe('replaying operations', () => {
  let pairs: PlannerPairs;
  beforeAll(() => {
    pairs = createPlannerPairs({ ...PLANNING, most: 1 });
  });
  afterAll(() => pairs.close());

  const replay = (bodies: readonly string[], after = AFTER): Promise<Replay> =>
    createReplay({ pairs, replay: { budgetMs: 25_000 } }, BEFORE).replay(after, bodies.map(operation));
  const bodiesOf = (found: readonly { readonly operation: UsedOperation }[]) =>
    found.map(({ operation: { body } }) => body);

  it('tells those that are no longer valid, and those that take more fetches', async () => {
    const found = await replay([
      '{ top { id } }',
      '{ top { name } }',
      '{ top { price } }',
      'query Q { top { id ...P } } fragment P on Product { price }',
    ]);
    expect({
      ...found,
      invalid: bodiesOf(found.invalid),
      grown: found.grown.map(({ before, after }) => [before, after]),
    }).toEqual({
      ...{ replayed: 4, notReplayed: 0, unplanned: [] },
      invalid: ['{ top { name } }'],
      grown: [
        [1, 2],
        [1, 2],
      ],
    });
    expect(found.invalid[0]?.message).toContain('Cannot query field "name"');
  });

  it('counts what is fetched when all is included and nothing skipped', async () => {
    const bodies = [
      'query ($a: Boolean!) { top { id price @include(if: $a) } }',
      'query ($b: Boolean = true) { top { id price @skip(if: $b) } }',
      '{ top { id price @skip(if: true) } }',
    ];
    const found = await replay(bodies);
    expect(bodiesOf(found.grown)).toEqual(bodies.slice(0, 2));
  });

  it('looks only whether a subscription is valid', async () => {
    const found = await replay(['subscription { sold { price } }', 'subscription { sold { name } }']);
    expect({ invalid: bodiesOf(found.invalid), grown: found.grown, replayed: found.replayed }).toEqual({
      ...{ grown: [], replayed: 2 },
      invalid: ['subscription { sold { name } }'],
    });
  });

  it('leaves out what was not valid before, or does not parse', async () => {
    const found = await replay(['{ top { unheardOf } }', '{ top {', '{ top { id } }']);
    expect(found).toEqual({ replayed: 1, notReplayed: 2, invalid: [], unplanned: [], grown: [] });
  });

  it('shows nothing where there is no supergraph to plan on', async () => {
    expect(await replay(['{ top { id } }'], 'type Query { a: Int }')).toMatchObject({ replayed: 0, notReplayed: 1 });
  });

  it('starts no thread for no operation, and none where nothing was or nothing follows', async () => {
    const none = createPlannerPairs({ ...PLANNING, most: 0 });
    const started = (before: string | undefined) => createReplay({ pairs: none, replay: { budgetMs: 25_000 } }, before);
    const nothing = { replayed: 0, notReplayed: 0, invalid: [], unplanned: [], grown: [] };
    expect(await started(BEFORE).replay(AFTER, [])).toEqual(nothing);
    expect(await started(BEFORE).replay(BEFORE, [operation('{ top { id } }')])).toEqual(nothing);
    expect(await started(undefined).replay(AFTER, [operation('{ top { id } }')])).toEqual(nothing);
    await none.close();
  });

  it('finds the same when it has begun ahead', async () => {
    const ahead = createReplay({ pairs, replay: { budgetMs: 25_000 } }, BEFORE);
    ahead.begin();
    ahead.follow(AFTER);
    const bodies = ['{ top { name } }', '{ top { price } }'];
    expect(await ahead.replay(AFTER, bodies.map(operation))).toEqual(await replay(bodies));
  });

  it('replays nothing once it is closed, nor begins', async () => {
    const closed = createReplay({ pairs, replay: { budgetMs: 25_000 } }, BEFORE);
    closed.begin();
    closed.close();
    closed.begin();
    expect(await closed.replay(AFTER, [operation('{ top { id } }')])).toMatchObject({ replayed: 0, notReplayed: 1 });
    // Its place is free: there is one alone.
    expect(await replay(['{ top { id } }'])).toMatchObject({ replayed: 1 });
  });
});
