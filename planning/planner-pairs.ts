import { openPlannerPair, type PairOptions, type PlannerPair } from './planner-pair.ts';
import { PlanningRefusal } from './planning-refusal.ts';

/** Opens pairs of planners, a few at a time: each is a thread with two supergraphs. */
export interface PlannerPairs {
  /** Begins to read the first supergraph when there is a place, which whoever closes a pair leaves. */
  open(firstSdl: string): PlannerPair;
  /** Ends all threads. What waits for a place is refused. */
  close(): Promise<void>;
}

export interface PairsOptions extends PairOptions {
  /** How many may be open at a time. */
  readonly most: number;
}

/** @param openPair starts one */
export function createPlannerPairs({ most, ...options }: PairsOptions, openPair = openPlannerPair): PlannerPairs {
  /** Those whose threads run. */
  const placed = new Set<PlannerPair>();
  const waiting = new Map<PlannerPair, () => void>();
  let isClosed = false;

  function next(): void {
    for (const [pair, start] of waiting) {
      if (placed.size >= most) return;
      waiting.delete(pair);
      placed.add(pair);
      start();
    }
  }

  return {
    open: (firstSdl) => {
      const { promise: place, resolve, reject } = Promise.withResolvers<PlannerPair>();
      // Told to whoever reads.
      place.catch(() => undefined);
      let started: PlannerPair | undefined;
      const pair: PlannerPair = {
        read: async (secondSdl) => (await place).read(secondSdl),
        close: async () => {
          waiting.delete(pair);
          reject(new PlanningRefusal('closed'));
          await started?.close();
          placed.delete(pair);
          next();
        },
      };
      if (isClosed) {
        reject(new PlanningRefusal('closed'));
        return pair;
      }
      waiting.set(pair, () => {
        try {
          started = openPair(firstSdl, options);
          resolve(started);
        } catch (error) {
          // The system has no more threads: the place is for the next one.
          placed.delete(pair);
          reject(error);
        }
      });
      next();
      return pair;
    },
    close: async () => {
      isClosed = true;
      const open = [...placed, ...waiting.keys()];
      waiting.clear();
      await Promise.all(open.map((pair) => pair.close()));
    },
  };
}
