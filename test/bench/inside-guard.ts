import { subscribe } from 'node:diagnostics_channel';
import { isMainThread } from 'node:worker_threads';

/**
 * `node --import` this, with an IPC channel, and the process tells its parent what its guard has done, when asked. Signatures are counted where
 * they are checked, and not by what the gateway says of it.
 */

/** Since the process was started. */
export interface GuardCounts {
  /** Signatures that were checked. */
  readonly signatures: number;
  /** Requests that went through, by who was charged: what was taken ahead, or Redis. */
  readonly bySlice: number;
  readonly byStore: number;
}

if (isMainThread) {
  const counts = { signatures: 0, slice: 0, store: 0 };
  const { verify } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.verify = function (...given) {
    counts.signatures++;
    return verify.apply(this, given);
  };
  subscribe('gateway:rate-limit', (message) => {
    const { kind, by } = message as { kind: string; by?: string };
    if (kind === 'granted' && (by === 'slice' || by === 'store')) counts[by]++;
  });
  process.on('message', () => {
    const { signatures, slice: bySlice, store: byStore } = counts;
    process.send?.({ signatures, bySlice, byStore } satisfies GuardCounts);
  });
  // A listener would keep the process alive.
  process.channel?.unref();
}
