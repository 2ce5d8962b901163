import type { RedisClient } from './redis-client.ts';
import { toStoreError } from './redis-errors.ts';
import { publishStoreEvent } from './store-events.ts';

export interface PurgeSubscription {
  close(): void;
}

/** How long after a failure it is tried again, in milliseconds: Redis may have been refusing it, and somebody gave the right meanwhile. */
const TRY_AGAIN_MS = 2_000;

/**
 * Wakes listeners when Redis tells of a purge. The client subscribes again by itself after its connection was lost, but not when
 * it never could.
 */
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
    const begun = performance.now();
    try {
      await subscriber.subscribe(channel);
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
  // Something may have been said while nobody heard it.
  subscriber.on('ready', tell);
  void subscribe();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      subscriber.disconnect();
    },
  };
}
