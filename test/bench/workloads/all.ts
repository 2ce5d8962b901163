import { attacked } from './attacked.ts';
import { large } from './large.ts';
import { reload } from './reload.ts';
import { soak } from './soak.ts';
import { soakAll } from './soak-all.ts';
import { w1 } from './w1.ts';
import { w2 } from './w2.ts';
import type { Workload } from './workload.ts';

/** What `subgraphs.ts` can serve, by name. */
export const WORKLOADS: ReadonlyMap<string, Workload> = new Map(
  [w1, w2, large, reload, soak, soakAll, attacked].map((workload) => [workload.name, workload]),
);
