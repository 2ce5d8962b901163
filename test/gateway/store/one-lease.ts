import type { Store } from '../../../gateway/store/store.ts';

/** Takes one key. @returns what to release it with, or nothing when another has it */
export async function takeLease(store: Store, key: string, ttlMs: number): Promise<string | undefined> {
  return (await store.lease([{ key, ttlMs }]))[0];
}

/** Gives one back. */
export function releaseLease(store: Store, key: string, token: string): Promise<void> {
  return store.release([{ key, token }]);
}
