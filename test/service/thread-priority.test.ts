import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from '@jest/globals';

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('gives a worker thread a lower priority, and no other thread', async () => {
  const worker = new Worker(new URL('../support/giving-way.ts', import.meta.url));
  const priority = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(priority).toBe(5);
  expect(getPriority(process.pid)).toBeLessThan(5);
});
