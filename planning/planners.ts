import type { PlanningOptions } from './planner-threads.ts';
import { createPlanner, type OpenPlanner, openPlanner, type Planner } from './threaded-planner.ts';

/** Makes planners and knows which of them are still open. */
export interface Planners {
  /** @throws as `createPlanner` does */
  create(supergraphSdl: string): Promise<Planner>;
  /** Without schemas, which takes less. @throws as `openPlanner` does */
  open(supergraphSdl: string): Promise<OpenPlanner>;
  /** Ends all threads. */
  close(): Promise<void>;
}

/** @param options for each planner: threads and queue are its own */
export function createPlanners(options: PlanningOptions): Planners {
  const open = new Set<OpenPlanner>();
  const closing = new Set<Promise<void>>();

  function close(planner: OpenPlanner): Promise<void> {
    open.delete(planner);
    const closed = planner.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  }

  async function keep<Made extends OpenPlanner>(making: Promise<Made>): Promise<Made> {
    const planner = await making;
    open.add(planner);
    return { ...planner, close: () => close(planner) };
  }

  return {
    create: (supergraphSdl) => keep(createPlanner(supergraphSdl, options)),
    open: (supergraphSdl) => keep(openPlanner(supergraphSdl, options)),
    close: async () => {
      await Promise.all([...[...open].map(close), ...closing]);
    },
  };
}
