import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toPlaces } from '../../../gateway/cache/places.ts';
import { openPurgeState, type PurgeState, type PurgeStateOptions } from '../../../gateway/cache/purge-state.ts';
import { createPurgeTable } from '../../../gateway/cache/purge-table.ts';
import { type Store, StoreError } from '../../../gateway/store/store.ts';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';
import { until } from '../../support/until.ts';

describe('a purge that the store does not take', () => {
  let isAway: boolean;
  let memory: Store;
  let store: Store;
  let open: PurgeState[];

  beforeEach(() => {
    isAway = false;
    open = [];
    memory = createMemoryStore();
    const reach = async () => {
      if (isAway) throw new StoreError('unavailable', 'as the test wants');
    };
    store = {
      ...memory,
      isShared: true,
      purges: {
        ...memory.purges,
        purge: (places, synced) => reach().then(() => memory.purges.purge(places, synced)),
        since: (sequence) => reach().then(() => memory.purges.since(sequence)),
        table: (synced) => reach().then(() => memory.purges.table(synced)),
      },
    };
  });
  afterEach(() => Promise.all(open.map((state) => state.close())));

  const openState = async (options: Partial<PurgeStateOptions> = {}) => {
    const state = await openPurgeState({ store, heartbeatMs: 0, retryMs: 10, ...options });
    open.push(state);
    return state;
  };
  const born = (state: PurgeState, ...tags: string[]) => ({ born: state.born(), places: toPlaces(tags) });

  it('holds here at once, also for what is fetched meanwhile, and everywhere when it is taken', async () => {
    const [here, there] = [await openState(), await openState()];
    const old = born(here, 'product', 'more');
    const other = born(here, 'another');
    isAway = true;
    expect(await here.purge(['product'])).toEqual({ isPending: true });
    expect(here.isValid(old)).toBe(false);
    expect(here.isValid(born(here, 'product'))).toBe(false);
    expect(here.isValid(other)).toBe(true);
    expect(there.isValid(old)).toBe(true);
    expect(here.look().pending).toBe(1);
    const meanwhile = born(here, 'product');
    isAway = false;
    await until(() => here.look().pending === 0);
    await there.catchUp();
    await here.catchUp();
    for (const state of [here, there]) {
      expect(state.isValid(old)).toBe(false);
      expect(state.isValid(meanwhile)).toBe(false);
      expect(state.isValid(other)).toBe(true);
      expect(state.isValid(born(here, 'product'))).toBe(true);
    }
  });

  it('is one of several, tried again together', async () => {
    const state = await openState();
    const old = ['a', 'b', 'c'].map((tag) => born(state, tag));
    isAway = true;
    await Promise.all([state.purge(['a']), state.purge(['b']), state.purge(['a', 'c']), state.purge('everything')]);
    expect(state.look().pending).toBe(4);
    expect(state.isValid(born(state, 'unheard of'))).toBe(false);
    isAway = false;
    await until(() => state.look().pending === 0);
    expect(old.map((entry) => state.isValid(entry))).toEqual([false, false, false]);
    await state.catchUp();
    expect(state.isValid(born(state, 'a'))).toBe(true);
  });

  it('voids everything when too many wait, and purges everything then', async () => {
    const state = await openState({ maxPendingPlaces: 10 });
    const old = born(state, 'unheard of');
    isAway = true;
    for (let count = 0; count < 9; count++) await state.purge([`product-${count}`]);
    expect(state.isValid(old)).toBe(true);
    await state.purge(['x', 'y', 'z']);
    expect(state.isValid(old)).toBe(false);
    expect(state.look().pending).toBe(1);
    isAway = false;
    await until(() => state.look().pending === 0);
    expect(state.isValid(old)).toBe(false);
    expect((await memory.purges.table(0)).floor).toBeGreaterThan(old.born);
  });

  it('is tried once more when the gateway stops', async () => {
    const state = await openState({ retryMs: 3_600_000 });
    const { head } = await memory.purges.table(0);
    isAway = true;
    await state.purge(['a']);
    isAway = false;
    await state.close();
    expect(await memory.purges.since(head)).toMatchObject({ purges: [{ places: toPlaces(['a']) }] });
  });

  it('leaves everything void that cannot be judged, until the log was read', async () => {
    isAway = true;
    const state = await openState();
    expect(state.born()).toBe(0);
    expect(state.isValid({ born: 0, places: [] })).toBe(false);
    expect(state.isValid({ born: Number.POSITIVE_INFINITY, places: [] })).toBe(false);
    expect(state.isConfirmed()).toBe(false);
    await expect(state.observe(5, state.begin())).rejects.toThrow(StoreError);
    isAway = false;
    await state.observe(5, state.begin());
    expect(state.isConfirmed()).toBe(true);
    expect(state.isValid(born(state, 'a'))).toBe(true);
    expect(state.isValid({ born: 0, places: [] })).toBe(false);
  });

  it('is unconfirmed from when it notices a purge that it cannot read, until it can', async () => {
    const state = await openState();
    const begun = state.begin();
    isAway = true;
    await expect(state.catchUp()).rejects.toThrow(StoreError);
    expect(state.isConfirmed()).toBe(true);
    await expect(state.observe(begun.synced + 1, begun)).rejects.toThrow(StoreError);
    expect(state.isConfirmed()).toBe(false);
    isAway = false;
    await state.catchUp();
    expect(state.isConfirmed()).toBe(true);
  });

  it('takes many tags at once', async () => {
    const state = await openState();
    const tags = Array.from({ length: 25_000 }, (_, index) => `product-${index}`);
    const old = tags.map((tag) => born(state, tag));
    expect(await state.purge(tags)).toMatchObject({ isPending: false });
    expect(old.some((entry) => state.isValid(entry))).toBe(false);
    expect(state.isValid(born(state, tags[0] ?? ''))).toBe(true);
  });

  it('does not take an older head for a lost one, when this gateway has moved on meanwhile', async () => {
    const state = await openState();
    const begun = state.begin();
    const before = state.born();
    await state.purge(['a']);
    expect(state.observe(before, begun)).toBeUndefined();
    expect(state.born()).toBeGreaterThan(before);
  });

  it('judges by memory alone without a store to share', async () => {
    const state = await openPurgeState({ store: memory, now: () => 0 });
    open.push(state);
    const old = born(state, 'a');
    expect([state.isConfirmed(), state.isValid(old)]).toEqual([true, true]);
    await state.purge(['a']);
    expect([state.isConfirmed(), state.isValid(old), state.isValid(born(state, 'a'))]).toEqual([true, false, true]);
  });
});

describe('the copy of the table', () => {
  it('takes numbers that are none for a reason to void', () => {
    const table = createPurgeTable();
    const stored = Buffer.alloc(24);
    stored.writeDoubleLE(Number.NaN, 0);
    stored.writeDoubleLE(Number.POSITIVE_INFINITY, 8);
    table.load({ head: 10, floor: 5, table: stored });
    const isValid = (born: number, ...places: number[]) => table.isValid({ born, places });
    expect([isValid(10, 0), isValid(10, 1), isValid(10, 2), isValid(10, 2 ** 20), isValid(10, -1)]).toEqual([
      ...[false, false, true, false, false],
    ]);
    expect([isValid(Number.NaN, 2), isValid(4, 2), isValid(5, 2), isValid(11, 2)]).toEqual([false, false, true, false]);
    table.mark(12, [0]);
    table.advance(12);
    expect([isValid(11, 0), isValid(12, 0)]).toEqual([false, true]);
  });

  it('takes what has no tags for void as soon as anything was purged, also before it is complete up to there', () => {
    const table = createPurgeTable();
    table.load({ head: 10, floor: 5, table: Buffer.alloc(8) });
    const isValid = (born: number) => table.isValid({ born, places: [] });
    expect([isValid(Number.NaN), isValid(9), isValid(10), isValid(11)]).toEqual([false, false, true, false]);
    table.mark(12, [3]);
    expect(isValid(10)).toBe(false);
    table.advance(12);
    expect([isValid(11), isValid(12)]).toEqual([false, true]);
  });

  it('takes no purge back when it is loaded again', () => {
    const table = createPurgeTable();
    table.load({ head: 10, floor: 5, table: Buffer.alloc(8) });
    table.mark(11, [3]);
    table.load({ head: 12, floor: 5, table: Buffer.alloc(64) });
    expect(table.isValid({ born: 10, places: [3] })).toBe(false);
    expect(table.isValid({ born: 12, places: [3] })).toBe(true);
  });
});
