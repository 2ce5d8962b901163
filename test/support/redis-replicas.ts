import type { Redis } from 'ioredis';
import { until } from './until.ts';

/** Waits until an empty primary knows that so many replicas have all it has: of a new one it hears nothing for up to a second. */
export async function haveAcknowledged(primary: Redis, count = 1): Promise<void> {
  await until(async () => {
    // A write, even one that does nothing, to have something that can be acknowledged.
    await primary.flushall();
    return (await primary.wait(count, 200)) >= count;
  });
}
