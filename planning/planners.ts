import type { PlanningOptions } from './planner-threads.ts';
import { createPlanner, type Planner } from './threaded-planner.ts';

/** Makes planners and knows which of them are still open. */
export interface Planners {
  /** @throws as `createPlanner` does */
  create(supergraphSdl: string): Promise<Planner>;
  /** Ends all threads. */
  close(): Promise<void>;
}

/** @param options for each planner: threads and queue are its own */
export function createPlanners(options: PlanningOptions): Planners {
  const open = new Set<Planner>();
  const closing = new Set<Promise<void>>();

  function close(planner: Planner): Promise<void> {
    open.delete(planner);
    const closed = planner.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  }

  return {
    create: async (supergraphSdl) => {
      const planner = await createPlanner(supergraphSdl, options);
      open.add(planner);
      return { ...planner, close: () => close(planner) };
    },
    close: async () => {
      await Promise.all([...[...open].map(close), ...closing]);
    },
  };
}
