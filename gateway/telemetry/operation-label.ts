import { LRUCache } from 'lru-cache';
import type { OperationRecord } from '../request-record.ts';

/** Seen so often, an operation has a label of its own: what comes once is not worth one. */
const OFTEN = 3;
/** Most that are watched for becoming frequent. */
const WATCHED = 10_000;

/**
 * Makes the function that names an operation in a label. The first that come often, and go well, have a label of their own: the name, and
 * the beginning of the hash, which tells those of the same name apart. All others are `other`, however many clients make up.
 *
 * @param most how many have a label of their own
 */
export function createOperationLabels(
  most: number,
): (operation: OperationRecord | undefined, hasFailed: boolean) => string {
  const labels = new Map<string, string>();
  const seen = new LRUCache<string, number>({ max: WATCHED });

  return (operation, hasFailed) => {
    // Refused before it was read, or none of the graph.
    if (operation === undefined) return 'none';
    const { hash, name } = operation;
    const known = labels.get(hash);
    if (known !== undefined) return known;
    if (labels.size >= most || hasFailed) return 'other';
    const times = (seen.get(hash) ?? 0) + 1;
    if (times < OFTEN) {
      seen.set(hash, times);
      return 'other';
    }
    seen.delete(hash);
    const label = `${(name ?? 'anonymous').slice(0, 100)} ${hash.slice(0, 8)}`;
    labels.set(hash, label);
    return label;
  };
}
