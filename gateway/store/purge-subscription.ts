import type { RedisClient } from './redis-client.ts';
import { toStoreError } from './redis-errors.ts';
import { publishStoreEvent } from './store-events.ts';

export interface PurgeSubscription {
  close(): void;
}

/** How long after a failure it is tried again, in milliseconds: Redis may have been refusing it, and somebody gave the right meanwhile. */
const TRY_AGAIN_MS = 2_000;

/** Wakes listeners when Redis tells of a purge. Subscribes again when the connection was lost, and when it could not. */
export function subscribeToPurges(
  subscriber: RedisClient,
  channel: string,
  listeners: ReadonlySet<() => void>,
): PurgeSubscription {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  async function subscribe(): Promise<void> {
    clearTimeout(timer);
    const begun = performance.now();
    try {
      await subscriber.subscribe(channel);
      // Something may have been said while nobody heard it.
      tell();
    } catch (cause) {
      if (isClosed) return;
      const error = toStoreError(cause);
      const durationMs = performance.now() - begun;
      publishStoreEvent({ kind: 'call', call: 'subscribe', durationMs, fault: error.fault, error });
      timer = setTimeout(() => void subscribe(), TRY_AGAIN_MS).unref();
    }
  }

  subscriber.on('message', tell);
  subscriber.on('ready', () => void subscribe());
  if (subscriber.status === 'ready') void subscribe();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      subscriber.disconnect();
    },
  };
}
