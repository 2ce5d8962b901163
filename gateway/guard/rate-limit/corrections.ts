import type { Running } from '../../../service/run.ts';
import type { Correction, Quotas } from '../../store/quotas.ts';
import { publishRateLimitEvent } from './rate-limit-events.ts';

/** Corrections of charges, on their way to the store. */
export interface Corrections extends Running {
  add(correction: Correction): void;
}

/** How long corrections wait for others, in milliseconds. */
const WAIT_MS = 50;

/** How many are sent at once, and how many may wait: those beyond are lost, and what was estimated stays charged. */
const AT_ONCE = 500;
const MOST = 10_000;

/** Sends corrections in batches, when requests have their answers. Those of one charge's tick are one. Closing it sends what waits. */
export function createCorrections(quotas: Quotas): Corrections {
  let waiting = new Map<string, Correction>();
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function sendAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const all = [...waiting.values()].filter(({ delta }) => delta !== 0);
    waiting = new Map();
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const batch = all.slice(from, from + AT_ONCE);
      const isLost = await quotas.correct(batch).then(
        () => false,
        () => true,
      );
      publishRateLimitEvent({ kind: 'corrected', count: batch.length, isLost });
    }
  }

  const send = () => {
    sending = (sending ?? Promise.resolve()).then(sendAll);
    return sending;
  };

  return {
    add: (correction) => {
      const { owner, key, tick, delta } = correction;
      const id = `${owner}\n${key}\n${tick}`;
      const before = waiting.get(id)?.delta ?? 0;
      if (waiting.size >= MOST && !waiting.has(id))
        return publishRateLimitEvent({ kind: 'corrected', count: 1, isLost: true });
      waiting.set(id, { ...correction, delta: before + delta });
      timer ??= setTimeout(send, WAIT_MS).unref();
    },
    close: send,
  };
}
