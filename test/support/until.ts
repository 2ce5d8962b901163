import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for a condition that nothing announces: a row in a table, an entry in a stream. Gives its first value that is
 * neither undefined nor false.
 *
 * @throws when it does not come true in time
 */
export async function until<Value>(
  condition: () => Value | Promise<Value>,
  timeoutMs = 30_000,
): Promise<Exclude<Value, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value as Exclude<Value, undefined | false>;
    if (Date.now() > deadline) throw new Error(`not true within ${timeoutMs} ms: ${condition.toString()}`);
    await pause(10);
  }
}
