import type { Events } from './events.ts';
import type { Log } from './logs.ts';

/** Events over Redis Streams. */
export function createRedisEvents(_options: { url: string; prefix: string; log: Log }): Events {
  throw new Error('written next');
}
