import type { Events } from '../../service/events.ts';
import { INVALIDATED, type Invalidation, InvalidationError, readInvalidatedData } from '../../service/invalidation.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { Cache } from './cache.ts';

export interface FollowEventsOptions {
  readonly events: Events;
  /** Gateways of one name share the events: what one of them purges holds for all. */
  readonly namespace: string;
  readonly invalidate: (invalidations: readonly Invalidation[]) => ReturnType<Cache['invalidate']>;
  readonly log: Log;
}

/** Voids what services say in events that they changed: also what changed by no mutation that came through here. */
export function followEvents({ events, namespace, invalidate, log }: FollowEventsOptions): Promise<Running> {
  return events.subscribe({
    group: `gateway-cache-${namespace}`,
    types: [INVALIDATED],
    handle: async ({ id, data }) => {
      let invalidations: readonly Invalidation[];
      try {
        invalidations = readInvalidatedData(data);
      } catch (error) {
        if (!(error instanceof InvalidationError)) throw error;
        // It would be as wrong the next time.
        log.error({ event: id, err: error }, 'an event says what to invalidate in a way that nobody understands');
        return;
      }
      const { isPending, unknown } = await invalidate(invalidations);
      if (unknown.length > 0) log.warn({ event: id, unknown }, 'an event names what the graph does not have');
      // It comes again, to whichever gateway lives then.
      if (isPending) throw new Error('the purge could not be told to Redis');
    },
  });
}
