import type { Events } from '../../service/events.ts';
import { INVALIDATED, type Invalidation, InvalidationError, readInvalidatedData } from '../../service/invalidation.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { PurgeOutcome } from './purge-state.ts';

export interface FollowEventsOptions {
  readonly events: Events;
  /** Gateways of one name share the events: what one of them purges holds for all. */
  readonly namespace: string;
  readonly invalidate: (invalidations: readonly Invalidation[]) => Promise<PurgeOutcome>;
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
      const { isPending } = await invalidate(invalidations);
      // It comes again, to whichever gateway lives then.
      if (isPending) throw new Error('the purge could not be told to Redis');
    },
  });
}
