import { expect, it } from '@jest/globals';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';
import { describeStore } from './store-contract.ts';

describeStore('in memory', async () => {
  const store = createMemoryStore();
  return { open: async () => store, close: () => store.close() };
});

it('keeps within its bytes', async () => {
  const store = createMemoryStore({ maxBytes: 10_000 });
  const value = Buffer.alloc(1_000);
  const keys = Array.from({ length: 100 }, (_, index) => String(index));
  await store.write(keys.map((key) => ({ key, value, ttlMs: 60_000 })));
  const { values } = await store.read(keys);
  expect(values.filter((found) => found !== undefined).length).toBeLessThanOrEqual(9);
  expect(values.at(-1)).toEqual(value);
});
