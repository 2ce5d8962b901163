import { withDeadline } from './deadline.ts';
import { toStoreError } from './redis-errors.ts';
import { publishStoreEvent, type StoreCall } from './store-events.ts';

/** Sends a call, within a deadline and for those who count. @throws {StoreError} for whatever goes wrong */
export async function timed<T>(call: StoreCall, timeoutMs: number, send: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  try {
    const answer = await withDeadline(send(), timeoutMs);
    publishStoreEvent({ kind: 'call', call, durationMs: performance.now() - begun });
    return answer;
  } catch (cause) {
    const error = toStoreError(cause);
    publishStoreEvent({ kind: 'call', call, durationMs: performance.now() - begun, fault: error.fault, error });
    throw error;
  }
}
