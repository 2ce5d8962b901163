import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';

/** Where `cache/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:cache';

type Published =
  | { readonly kind: 'shadow'; readonly type: string; readonly isSame: boolean }
  | { readonly kind: 'other' };

export interface ShadowLogOptions {
  readonly log: Log;
  /** In milliseconds. */
  readonly everyMs: number;
}

/**
 * In shadow mode, says from time to time how often what was kept was what was fetched, by type of entity (`Query` for root fetches):
 * by that an operator learns whether a lifetime is safe. Says nothing when nothing was compared.
 */
export function startShadowLog({ log, everyMs }: ShadowLogOptions): Running {
  let types = new Map<string, { same: number; different: number }>();

  const count = (published: unknown) => {
    const event = published as Published;
    if (event.kind !== 'shadow') return;
    const counts = types.get(event.type) ?? { same: 0, different: 0 };
    counts[event.isSame ? 'same' : 'different']++;
    types.set(event.type, counts);
  };

  const write = () => {
    if (types.size === 0) return;
    log.info(
      { types: Object.fromEntries(types) },
      'shadow mode: what the cache would have given, beside what was fetched',
    );
    types = new Map();
  };

  subscribe(CHANNEL, count);
  const timer = setInterval(write, everyMs).unref();
  return {
    close: async () => {
      unsubscribe(CHANNEL, count);
      clearInterval(timer);
      write();
    },
  };
}
