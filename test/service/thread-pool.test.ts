import { afterEach, describe, expect, it } from '@jest/globals';
import { createThreadPool, type ThreadPool } from '../../service/thread-pool.ts';

const WORKER = new URL('../support/thread-pool-worker.ts', import.meta.url);

describe('a pool of threads', () => {
  let pool: ThreadPool<string, string>;
  const open = (more: { threads?: number; timeoutMs?: number; queueLength?: number; heapMb?: number } = {}) => {
    pool = createThreadPool({ worker: WORKER, threads: 1, timeoutMs: 20_000, queueLength: 10, ...more });
    return pool;
  };
  afterEach(() => pool.close());

  it('does tasks one after the other in the same thread', async () => {
    const { run } = open();
    expect(await Promise.all(['count', 'count', 'count'].map((task) => run(task)))).toEqual(['1', '2', '3']);
  });

  it('does as many at once as it has threads', async () => {
    const { run } = open({ threads: 2 });
    expect(await Promise.all(['count', 'count'].map((task) => run(task)))).toEqual(['1', '1']);
  });

  it('tells what a task throws, and goes on with the thread', async () => {
    const { run } = open();
    await run('count');
    await expect(run('throw')).rejects.toThrow('as asked');
    expect(await run('count')).toBe('2');
  });

  it('ends a thread that takes too long, and goes on with another', async () => {
    const { run } = open({ timeoutMs: 6_000 });
    const endless = run('endless');
    const next = run('count');
    await expect(endless).rejects.toMatchObject({ fault: 'timeout' });
    expect(await next).toBe('1');
  });

  it('outlives a thread that ends, or that needs too much memory', async () => {
    const { run } = open({ heapMb: 64 });
    await expect(run('exit')).rejects.toMatchObject({ fault: 'thread ended' });
    await expect(run('memory')).rejects.toMatchObject({ fault: 'thread ended' });
    expect(await run('count')).toBe('1');
  });

  it('refuses more than may wait', async () => {
    const { run } = open({ queueLength: 1 });
    const [first, second] = [run('count'), run('count')];
    await expect(run('count')).rejects.toMatchObject({ fault: 'queue full' });
    expect(await Promise.all([first, second])).toEqual(['1', '2']);
  });

  it('refuses what is under way and what waits when it is closed', async () => {
    const { run, close } = open();
    const refused = Promise.allSettled([run('endless'), run('count')]);
    await close();
    expect(await refused).toMatchObject([{ reason: { fault: 'closed' } }, { reason: { fault: 'closed' } }]);
    await expect(run('count')).rejects.toMatchObject({ fault: 'closed' });
  });
});
