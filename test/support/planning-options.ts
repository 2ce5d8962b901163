import { gatewayConfig } from '../../gateway/config.ts';
import type { PlanningOptions } from '../../planning/planner-threads.ts';

/** The defaults of the gateway. */
export const PLANNING: PlanningOptions = gatewayConfig.parse({}).planning;
