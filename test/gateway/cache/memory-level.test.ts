import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryLevel, sizeOf } from '../../../gateway/cache/memory-level.ts';
import { entryOf } from './one-gateway.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('measure-memory.ts', import.meta.url));

describe('entries in memory', () => {
  it('keep within their bytes, the last used ones', () => {
    const memory = createMemoryLevel(20_000);
    for (let count = 0; count < 100; count++) {
      memory.set(String(count), entryOf('x'.repeat(100), 1));
      memory.get('0');
    }
    expect(memory.bytes()).toBeLessThanOrEqual(20_000);
    expect(memory.count()).toBeGreaterThan(10);
    expect([memory.get('0'), memory.get('99')]).not.toContain(undefined);
    expect(memory.get('1')).toBeUndefined();
  });

  it('do not keep what is larger than all of them, nor what it replaces', () => {
    const memory = createMemoryLevel(20_000);
    memory.set('a', entryOf('small', 1));
    memory.set('a', entryOf('x'.repeat(20_000), 1));
    expect([memory.get('a'), memory.bytes()]).toEqual([undefined, 0]);
    createMemoryLevel(0).set('a', entryOf('small', 1));
  });

  it('are all wanted as long as there is room, then only those asked for before, or in the place of what is over', () => {
    let time = Date.now();
    const memory = createMemoryLevel(20_000, () => time);
    let count = 0;
    for (; memory.wants(`first-${count}`); count++)
      memory.set(`first-${count}`, entryOf('x'.repeat(100), 1, { tags: [], madeAt: time }));
    expect(memory.bytes()).toBeGreaterThan(19_000);
    expect([memory.wants('once'), memory.wants('other'), memory.wants('once')]).toEqual([false, false, true]);
    expect(memory.wants(`first-${count - 1}`)).toBe(true);
    time += 3_600_001;
    expect(memory.wants('new')).toBe(true);
    expect(createMemoryLevel(0).wants('a')).toBe(false);
  });

  it('own their bodies: nothing larger is kept for a slice of it', () => {
    const memory = createMemoryLevel(20_000);
    const entry = { ...entryOf('', 1), body: Buffer.alloc(65_536, 'x').subarray(10, 20) };
    memory.set('a', entry);
    const body = memory.get('a')?.body as Buffer;
    expect([body.buffer.byteLength, body.toString()]).toEqual([10, 'x'.repeat(10)]);
  });

  describe('take no more memory than they are reckoned at', () => {
    const KINDS = [
      ['small', 100, 1, 'bytes'],
      ['with many tags', 300, 30, 'bytes'],
      ['of a page', 4_000, 5, 'bytes'],
      ['a small text', 100, 3, 'text'],
      ['a text of a page', 4_000, 5, 'text'],
    ] as const;
    const MAX_BYTES = 10_000_000;
    const measured = new Map<string, { readonly taken: number; readonly reckoned: number }>();

    beforeAll(async () => {
      const measure = async ([name, ...kind]: (typeof KINDS)[number]) => {
        const { stdout } = await run(process.execPath, ['--expose-gc', SCRIPT, ...[MAX_BYTES, ...kind].map(String)]);
        measured.set(name, JSON.parse(stdout));
      };
      await Promise.all(KINDS.map(measure));
    });

    it.each(KINDS.map(([name]) => name))('%s', (name) => {
      const { taken = 0, reckoned = 0 } = measured.get(name) ?? {};
      expect(reckoned).toBeLessThanOrEqual(MAX_BYTES);
      expect(taken).toBeLessThanOrEqual(MAX_BYTES);
      // And not so careful that half of it lies idle.
      expect(taken).toBeGreaterThan(0.4 * MAX_BYTES);
    });
  });

  it('are reckoned by their parts', () => {
    const small = sizeOf('key', entryOf('x', 1));
    expect(sizeOf('key', entryOf('x'.repeat(1_001), 1)) - small).toBe(1_000);
    expect(sizeOf('keykey', entryOf('x', 1))).toBeGreaterThan(small);
    expect(sizeOf('key', entryOf('x', 1, { tags: ['product', 'more'] }))).toBeGreaterThan(small);
  });
});
