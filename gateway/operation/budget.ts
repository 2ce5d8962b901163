import { LRUCache } from 'lru-cache';
import { createAskedBefore } from '../asked-before.ts';
import { hashText } from '../hash-text.ts';

/**
 * Bytes that several memos share. What came once has a small part of them and what came again the rest, and in each part what was not used
 * for longest makes place (2Q: T. Johnson and D. Shasha, VLDB 1994). So who asks new things without end pushes out nobody's but such
 * things, and what is live, and has to be looked at by each large collection, is hardly more for it.
 */
export interface Budget {
  /** @returns whether there is place for it: there is none for what is larger than all of its part */
  take(entry: object, holding: Holding): boolean;
  /** It came again. On the way of every request. */
  use(entry: object): void;
}

interface Holding {
  /** The same when the same comes again after it was forgotten. */
  readonly name: string;
  readonly bytes: number;
  readonly forget: () => void;
}

/** Of what came once, of all. */
const ONCE = 1 / 8;

/**
 * @param maxBytes by the estimates of those who keep something
 * @param wasAskedBefore may be that of another budget, where the same comes on another graph
 */
export function createBudget(maxBytes: number, wasAskedBefore = createAskedBefore()): Budget {
  const partOf = (share: number) =>
    new LRUCache<object, Holding>({
      maxSize: Math.max(1, Math.floor(maxBytes * share)),
      sizeCalculation: ({ bytes }) => Math.max(1, bytes),
      dispose: ({ forget }, _, reason) => {
        if (reason === 'evict') forget();
      },
    });
  const once = partOf(ONCE);
  const again = partOf(1 - ONCE);

  return {
    take: (entry, holding) => {
      const part = wasAskedBefore(hashText(holding.name)) ? again : once;
      return part.set(entry, holding).has(entry);
    },
    use: (entry) => {
      if (again.get(entry) !== undefined) return;
      const holding = once.peek(entry);
      if (holding === undefined) return;
      once.delete(entry);
      again.set(entry, holding);
    },
  };
}
