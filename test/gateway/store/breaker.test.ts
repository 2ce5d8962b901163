import { beforeEach, describe, expect, it } from '@jest/globals';
import { breakStore } from '../../../gateway/store/breaker.ts';
import { type Store, StoreError, type StoreFault } from '../../../gateway/store/store.ts';
import { type StoreEvent, storeEvents } from '../../../gateway/store/store-events.ts';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';

describe('a store with a breaker', () => {
  let fault: StoreFault | undefined;
  let asked: number;
  let now: number;
  let store: Store;

  beforeEach(() => {
    fault = undefined;
    asked = 0;
    now = 0;
    const memory = createMemoryStore();
    const failing: Store = {
      ...memory,
      read: async (keys) => {
        asked++;
        if (fault !== undefined) throw new StoreError(fault, 'as the test wants');
        return memory.read(keys);
      },
    };
    store = breakStore(failing, { failures: 3, openMs: 1_000, openAtMostMs: 3_000, now: () => now });
  });

  const fails = async () => {
    await expect(store.read([])).rejects.toBeInstanceOf(StoreError);
  };
  const open = async () => {
    fault = 'timeout';
    for (let count = 0; count < 3; count++) await fails();
    asked = 0;
  };

  it('asks nothing for a while after some failures in a row', async () => {
    await open();
    await fails();
    await expect(store.write([])).rejects.toMatchObject({ fault: 'unavailable' });
    expect(asked).toBe(0);
  });

  it('counts failures in a row only, and no refusals', async () => {
    for (let count = 0; count < 10; count++) {
      fault = count % 3 === 2 ? undefined : 'unavailable';
      await (fault === undefined ? store.read([]) : fails());
    }
    fault = 'refused';
    for (let count = 0; count < 10; count++) await fails();
    expect(asked).toBe(20);
  });

  it('lets one call through when the time is up, and closes when it succeeds', async () => {
    await open();
    now = 1_000;
    fault = undefined;
    const [first, second] = await Promise.allSettled([store.read([]), store.read([])]);
    expect([first.status, second.status, asked]).toEqual(['fulfilled', 'rejected', 1]);
    await store.read([]);
    expect(asked).toBe(2);
  });

  it('stays open twice as long each time it fails again, up to a bound, and not after it was closed', async () => {
    await open();
    const openFor = async () => {
      await fails();
      const before = asked;
      const from = now;
      while (asked === before) {
        now += 500;
        await fails();
      }
      return now - from;
    };
    now = 1_000;
    expect([await openFor(), await openFor(), await openFor()]).toEqual([2_000, 3_000, 3_000]);
    now += 3_000;
    fault = undefined;
    await store.read([]);
    await open();
    now += 1_000;
    await fails();
    expect(asked).toBe(1);
  });

  it('is not closed by what was sent before it opened', async () => {
    const slow = Promise.withResolvers<void>();
    const memory = createMemoryStore();
    const mixed = breakStore(
      {
        ...memory,
        remove: () => slow.promise,
        read: async () => {
          asked++;
          throw new StoreError('timeout', 'as the test wants');
        },
      },
      { failures: 1, now: () => now },
    );
    const removing = mixed.remove(['a']);
    await expect(mixed.read([])).rejects.toThrow(StoreError);
    slow.resolve();
    await removing;
    await expect(mixed.read([])).rejects.toThrow(StoreError);
    expect(asked).toBe(1);
  });

  it('tells when it opens and closes', async () => {
    const told: StoreEvent[] = [];
    const listen = (event: unknown) => void told.push(event as StoreEvent);
    storeEvents.subscribe(listen);
    await open();
    now = 1_000;
    fault = undefined;
    await store.read([]);
    storeEvents.unsubscribe(listen);
    expect(told).toEqual([
      { kind: 'breaker', role: 'cache', state: 'open' },
      { kind: 'breaker', role: 'cache', state: 'closed' },
    ]);
  });
});
