import { StoreError } from './store.ts';

/**
 * What a promise gives, if it does within a time. What comes later is dropped.
 *
 * When the time is up it still looks at what arrived meanwhile: a process that was busy for longer than the deadline would
 * otherwise take each of its replies, all of them there, for late ones.
 *
 * @throws {StoreError} `timeout`
 */
export function withDeadline<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new StoreError('timeout', `the store did not answer within ${timeoutMs} ms`));
    const timer = setTimeout(() => setImmediate(fail), timeoutMs);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
