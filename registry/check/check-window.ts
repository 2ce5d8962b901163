import type { UsageWindow } from '../storage/usage-window.ts';

/** Which usage a check looks at; what is left out has its default. */
export interface CheckWindow {
  /** How far back, in seconds before now; without it, the policy of the variant says so. */
  readonly fromSeconds?: number;
  /** Until how many seconds before now; 0 by default. */
  readonly toSeconds?: number;
  /** An operation counts that was asked for so often. */
  readonly countThreshold?: number;
  /** An operation counts that is such a part of all requests: 0.05 is 5 %. */
  readonly percentageThreshold?: number;
  /** `null` in either: any. */
  readonly excludedClients: readonly { readonly name: string | null; readonly version: string | null }[];
  readonly excludedOperationNames: readonly string[];
  /** Operations by their hash. */
  readonly ignoredOperations: readonly string[];
  /** The variants whose usage counts; none: the one that is checked. */
  readonly includedVariants: readonly string[];
}

const DAY_SECONDS = 86_400;

/** The days that a check looks at: usage is counted by days, so the first one counts as a whole. */
export function toUsageWindow(
  window: CheckWindow,
  { graphId, variant, days, now }: { graphId: string; variant: string; days: number; now: Date },
): UsageWindow {
  const dayBefore = (seconds: number) =>
    new Date(Math.max(0, now.getTime() - Math.abs(seconds) * 1_000)).toISOString().slice(0, 10);
  return {
    graphId,
    variants: window.includedVariants.length === 0 ? [variant] : window.includedVariants,
    from: dayBefore(window.fromSeconds ?? days * DAY_SECONDS),
    to: dayBefore(window.toSeconds ?? 0),
    excludedClients: window.excludedClients,
    excludedOperationNames: window.excludedOperationNames,
    ignoredOperations: window.ignoredOperations,
    countThreshold: window.countThreshold ?? 1,
    shareThreshold: window.percentageThreshold ?? 0,
  };
}
