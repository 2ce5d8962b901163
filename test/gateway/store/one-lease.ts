import type { Store } from '../../../gateway/store/store.ts';

/** Takes one key. @returns what to release it with, or nothing when another has it */
export async function takeLease(store: Store, key: string, ttlMs: number): Promise<string | undefined> {
  return (await store.lease([{ key, ttlMs }]))[0];
}

/** Gives one back. @returns whether it was held back */
export async function releaseLease(store: Store, key: string, token: string, isForAwaited = false): Promise<boolean> {
  return (await store.release([{ key, token, isForAwaited }]))[0] ?? false;
}
