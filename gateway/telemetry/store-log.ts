import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';

/** Where `store/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:store';

type Published =
  | { readonly kind: 'connection'; readonly isUp: boolean; readonly error?: unknown }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  | { readonly kind: 'call' };

/** Says when the store is lost and when it is back, once each: each request would have something to say otherwise. */
export function startStoreLog({ log }: { readonly log: Log }): Running {
  let isLost = false;

  const write = (published: unknown) => {
    const event = published as Published;
    if (event.kind === 'call') return;
    const isUp = event.kind === 'connection' ? event.isUp : event.state === 'closed';
    if (isUp === !isLost) return;
    isLost = !isUp;
    if (isUp) log.info('Redis is there again: what is kept is given again');
    else
      log.warn(
        { err: event.kind === 'connection' ? event.error : undefined },
        'Redis is away or slow: everything is fetched until it is back',
      );
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}
