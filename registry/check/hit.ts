import type { Traces } from '../schema/traces.ts';
import type { UsedOperation } from '../storage/usage-window.ts';

/** All coordinates by which somebody can be seen to be hit: what the database is asked for. */
export function coordinatesIn(traces: readonly Traces[]): string[] {
  return [
    ...new Set(traces.flatMap(({ any, both }) => [...any, ...both.flatMap(({ one, other }) => [...one, ...other])])),
  ];
}

/** Whether a change can hit an operation. */
export function isHit({ coordinates }: UsedOperation, { any, both }: Traces): boolean {
  const used = new Set(coordinates);
  const hasOf = (names: readonly string[]) => names.some((name) => used.has(name));
  return hasOf(any) || both.some(({ one, other }) => hasOf(one) && hasOf(other));
}
