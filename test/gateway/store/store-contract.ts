import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PurgeTable } from '../../../gateway/store/purge-log.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { until } from '../../support/until.ts';
import { releaseLease, takeLease } from './one-lease.ts';

/** A place where several processes could open the same store. */
export interface StoreSite {
  /** Another one that sees the same, as another process would; the only one there is when nothing is shared. */
  open(): Promise<Store>;
  close(): Promise<void>;
}

const FAR = 2 ** 20 - 1;

/** Runs what every store does. */
export function describeStore(title: string, createSite: () => Promise<StoreSite>): void {
  describe(`a store (${title})`, () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await createSite();
      store = await site.open();
    });
    afterEach(() => site.close());

    const bytes = (text: string) => Buffer.from(text);
    const read = async (...keys: string[]) => (await store.read(keys)).values.map((value) => value?.toString());
    const sequenceOf = ({ table }: PurgeTable, place: number) =>
      place * 8 < table.length ? table.readDoubleLE(place * 8) : 0;

    it('reads what was written, in the order of the keys', async () => {
      await store.write([
        { key: 'a', value: bytes('1'), ttlMs: 60_000 },
        { key: 'b', value: bytes('2'), ttlMs: 60_000 },
      ]);
      expect(await read('b', 'none', 'a', 'b')).toEqual(['2', undefined, '1', '2']);
    });

    it('keeps bytes as they are, and empty ones', async () => {
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await store.write([
        { key: 'all', value: all, ttlMs: 60_000 },
        { key: 'empty', value: Buffer.alloc(0), ttlMs: 60_000 },
      ]);
      const { values } = await store.read(['all', 'empty']);
      expect(values.map((value) => value && Buffer.from(value))).toEqual([all, Buffer.alloc(0)]);
    });

    it('replaces, removes, and forgets in time', async () => {
      await store.write([{ key: 'a', value: bytes('1'), ttlMs: 60_000 }]);
      await store.write([
        { key: 'a', value: bytes('2'), ttlMs: 60_000 },
        { key: 'short', value: bytes('3'), ttlMs: 20 },
        { key: 'never', value: bytes('4'), ttlMs: 0 },
        { key: 'past', value: bytes('5'), ttlMs: -1 },
      ]);
      expect(await read('a', 'never', 'past')).toEqual(['2', undefined, undefined]);
      await until(async () => (await read('short'))[0] === undefined);
      await store.remove(['a', 'none']);
      await store.remove([]);
      await store.write([]);
      expect(await read('a')).toEqual([undefined]);
    });

    it('leases a key to one, until it is released or its time is up', async () => {
      const token = await takeLease(store, 'key', 60_000);
      expect(token).toEqual(expect.any(String));
      expect(await takeLease(store, 'key', 60_000)).toBeUndefined();
      await releaseLease(store, 'key', 'of another');
      expect(await takeLease(store, 'key', 60_000)).toBeUndefined();
      await releaseLease(store, 'key', token ?? '');
      expect(await takeLease(store, 'key', 20)).toEqual(expect.any(String));
      await until(() => takeLease(store, 'key', 60_000));
    });

    it('takes and releases many at once, each for itself', async () => {
      await takeLease(store, 'b', 60_000);
      const tokens = await store.lease(['a', 'b', 'c', 'a'].map((key) => ({ key, ttlMs: 60_000 })));
      expect(tokens).toEqual([expect.any(String), undefined, expect.any(String), undefined]);
      await store.release(['a', 'b', 'c'].map((key, index) => ({ key, token: tokens[index] ?? '' })));
      expect(await takeLease(store, 'a', 60_000)).toEqual(expect.any(String));
      expect(await takeLease(store, 'b', 60_000)).toBeUndefined();
      expect(await takeLease(store, 'c', 60_000)).toEqual(expect.any(String));
    });

    it('tells the head with a read, and with a read of nothing', async () => {
      await store.purges.table(0);
      const { sequence } = await store.purges.purge([1], 0);
      expect((await store.read(['a'])).head).toBe(sequence);
      expect(await store.read([])).toEqual({ values: [], head: sequence });
    });

    it('gives purges growing sequences, and tells them one by one', async () => {
      const { head, floor } = await store.purges.table(0);
      expect(floor).toBeGreaterThan(0);
      expect(head).toBeGreaterThanOrEqual(floor);
      const first = await store.purges.purge([3, FAR], head);
      const second = await store.purges.purge([0], first.sequence);
      expect(first).toEqual({ sequence: expect.any(Number), previous: head, isReplicated: true });
      expect(second.previous).toBe(first.sequence);
      expect(second.sequence).toBeGreaterThan(first.sequence);
      expect(await store.purges.since(head)).toEqual({
        head: second.sequence,
        floor,
        purges: [
          { sequence: first.sequence, places: [3, FAR] },
          { sequence: second.sequence, places: [0] },
        ],
      });
      expect(await store.purges.since(second.sequence)).toEqual({ head: second.sequence, floor, purges: [] });
    });

    it('has the last purge of each place in its table', async () => {
      const { head } = await store.purges.table(0);
      const first = await store.purges.purge([3, 4, FAR], head);
      const second = await store.purges.purge([4], head);
      const table = await store.purges.table(second.sequence);
      expect(table.head).toBe(second.sequence);
      expect([3, 4, 5, FAR].map((place) => sequenceOf(table, place))).toEqual([
        first.sequence,
        second.sequence,
        0,
        first.sequence,
      ]);
    });

    it('says that there is a gap to who is too far behind', async () => {
      const { head } = await store.purges.table(0);
      for (let count = 0; count < 1_200; count += 100)
        await Promise.all(Array.from({ length: 100 }, () => store.purges.purge([count], head)));
      expect(await store.purges.since(head)).toBe('gap');
      expect(await store.purges.since(0)).toBe('gap');
    });

    it('voids everything by its floor', async () => {
      const { head } = await store.purges.table(0);
      const { sequence } = await store.purges.purge('everything', head);
      expect(await store.purges.since(head)).toBe('gap');
      expect(await store.purges.table(sequence)).toMatchObject({ head: sequence, floor: sequence });
    });

    it('begins anew, above all that was, for who has seen more than it has', async () => {
      const { head } = await store.purges.table(0);
      await store.purges.purge([7], head);
      const seen = (await store.purges.purge([8], head)).sequence + 1e9;
      expect(await store.purges.since(seen)).toBe('gap');
      const begun = await store.purges.table(seen);
      expect(begun).toMatchObject({ head: seen + 1, floor: seen + 1 });
      expect(sequenceOf(begun, 7)).toBe(0);
      expect((await store.purges.purge([7], begun.head)).sequence).toBe(seen + 2);
    });

    it('wakes who listens for purges, until they do not', async () => {
      const other = await site.open();
      let woken = 0;
      const end = other.purges.onPurge(() => woken++);
      // Up to two times it is for nothing: when there is a connection, and when it listens.
      await until(async () => {
        await store.purges.purge([1], 0);
        return woken > 2;
      });
      end();
      const before = woken;
      await store.purges.purge([1], 0);
      await store.purges.purge([1], 0);
      expect(woken).toBe(before);
    });
  });
}
