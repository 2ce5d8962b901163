import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchCalls } from '../../../gateway/store/batched-calls.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';

describe('a store whose reads are batched', () => {
  let sent: (readonly string[])[];
  let memory: Store;
  let store: Store;

  beforeEach(() => {
    sent = [];
    memory = createMemoryStore();
    store = batchCalls({
      ...memory,
      read: (keys) => {
        sent.push(keys);
        return memory.read(keys);
      },
    });
  });
  const write = (key: string, value: string) => store.write([{ key, value: Buffer.from(value), ttlMs: 60_000 }]);
  const read = async (...keys: string[]) => (await store.read(keys)).values.map((value) => value?.toString());

  it('asks once for what is asked for in one turn, and for each key once', async () => {
    await write('a', '1');
    await write('b', '2');
    expect(await Promise.all([read('a', 'c'), read('b', 'a', 'a'), read()])).toEqual([
      ['1', undefined],
      ['2', '1', '1'],
      [],
    ]);
    expect(sent).toEqual([['a', 'c', 'b']]);
  });

  it('lets nobody join what was sent', async () => {
    await write('a', '1');
    const first = read('a');
    await new Promise((resolve) => setImmediate(resolve));
    await write('a', '2');
    expect([await read('a'), sent.length]).toEqual([['2'], 2]);
    await first;
  });

  it('keeps each read short', async () => {
    const keys = Array.from({ length: 2_500 }, (_, index) => String(index));
    await Promise.all(keys.map((key) => read(key)));
    expect(sent.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  });

  it('fails all who asked when the read fails, and goes on', async () => {
    const failing = batchCalls({ ...memory, read: () => Promise.reject(new Error('away')) });
    const results = await Promise.allSettled([failing.read(['a']), failing.read(['b'])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(failing.read(['a'])).rejects.toThrow('away');
  });
});
