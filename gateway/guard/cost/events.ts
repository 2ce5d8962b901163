import { channel } from 'node:diagnostics_channel';
import type { OperationTypeNode } from 'graphql';

/** What is published on `costEvents`, for each operation that was weighed: when it has its answer, or is refused. */
export interface CostEvent {
  /** The client's name for it. */
  readonly operation: string | undefined;
  readonly kind: `${OperationTypeNode}`;
  /** In points. */
  readonly estimated: number;
  /** In points; `undefined` for one that was refused. 0 for an answer that was kept, or was made for another request. */
  readonly actual: number | undefined;
  readonly excess: CostExcess | undefined;
}

/** What is published on `costExcesses` when an operation costs more than it may, whether it is refused for it or not. */
export interface CostExcess {
  readonly operation: string | undefined;
  /** The option: `cost.maxCost`, `cost.subgraph.NAME.maxCost`. */
  readonly limit: string;
  /** Estimated, in points. */
  readonly value: number;
  readonly bound: number;
  readonly isRefused: boolean;
}

/** For those who count; see `telemetry/`. Actual costs are counted only as long as somebody listens. */
export const costEvents = channel('gateway:cost');

/** For those who warn. */
export const costExcesses = channel('gateway:cost-excess');
