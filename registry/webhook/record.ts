import type { CheckRow } from '../storage/checks.ts';
import { insertDeliveries } from '../storage/deliveries.ts';
import type { Query } from '../storage/query.ts';
import type { VersionRow } from '../storage/versions.ts';
import type { WebhookEventName } from './webhooks.ts';

/** As many errors as somebody reads. */
const ERRORS_AT_MOST = 20;

/**
 * Writes down that webhooks are to be told of a version, in the transaction that writes the version: `version.rolledBack` for a
 * rollback, else `version.published`, whether it composed or not.
 */
export async function recordVersion(transaction: Query, version: VersionRow): Promise<void> {
  const { graphId, variant, number, kind, subgraph, origin, supergraph, errors, changes, git, actor } = version;
  const event: WebhookEventName = kind === 'rollback' ? 'version.rolledBack' : 'version.published';
  await record(transaction, event, {
    ...{ graphId, variant, at: version.createdAt },
    data: {
      ...{ version: number, kind, subgraph, origin, actor, git },
      hasComposed: supergraph !== null,
      errors: errors.slice(0, ERRORS_AT_MOST).map(({ code, message }) => ({ code, message })),
      changes: { total: changes.length, breaking: changes.filter(({ isBreaking }) => isBreaking).length },
    },
  });
}

/** Writes down that webhooks are to be told of a check, in the transaction that writes the check. */
export async function recordCheck(transaction: Query, check: Omit<CheckRow, 'result' | 'git'>): Promise<void> {
  const { id, graphId, variant, subgraph, status, actor, createdAt } = check;
  await record(transaction, 'check.completed', {
    ...{ graphId, variant, at: createdAt },
    data: { check: id, status, subgraph, actor },
  });
}

interface Happening {
  readonly graphId: string;
  readonly variant: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

function record(query: Query, event: WebhookEventName, { graphId, variant, at, data }: Happening): Promise<void> {
  const body = { type: event, timestamp: at.toISOString(), data: { graph: graphId, variant, ...data } };
  return insertDeliveries(query, { graphId, variant, event, body, now: at });
}
