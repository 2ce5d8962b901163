import { w1 } from './w1.ts';
import { w2 } from './w2.ts';
import type { Workload } from './workload.ts';

export const WORKLOADS: ReadonlyMap<string, Workload> = new Map([w1, w2].map((workload) => [workload.name, workload]));
