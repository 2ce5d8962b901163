import type { VariantPolicy } from '../storage/tables.ts';
import {
  hasUsage,
  readUsageWindow,
  type UsageWindow,
  type WantedOperations,
  type WindowUsage,
} from '../storage/usage-window.ts';
import { toUsageWindow } from './check-window.ts';
import type { CheckInput, Checking } from './submit-check.ts';

/** What of a check decides which usage it looks at. */
type Looking = Pick<CheckInput, 'graphId' | 'variant' | 'window'>;

/** The usage that a check looks at; how far back, the policy of the variant can say. */
export function readUsage(
  checking: Checking,
  looking: Looking,
  policy: VariantPolicy,
  wanted: WantedOperations,
): Promise<WindowUsage> {
  return readUsageWindow(checking.publishing.database.query, windowOf(checking, looking, policy), wanted);
}

/** Whether there is any. */
export function isUsed(checking: Checking, looking: Looking, policy: VariantPolicy): Promise<boolean> {
  return hasUsage(checking.publishing.database.query, windowOf(checking, looking, policy));
}

function windowOf(
  { publishing, usageWindowDays }: Checking,
  { graphId, variant, window }: Looking,
  policy: VariantPolicy,
): UsageWindow {
  const days = policy.usageWindowDays ?? usageWindowDays;
  return toUsageWindow(window, { graphId, variant, days, now: publishing.now() });
}
