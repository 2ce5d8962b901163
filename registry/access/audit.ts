import { insertAuditEntry } from '../storage/audit-entries.ts';
import type { Query } from '../storage/query.ts';

/** Something that was done, or refused. */
export interface Deed {
  /** The name of the key. */
  readonly actor: string;
  /** `subgraph.publish`, `key.create`, … */
  readonly action: string;
  readonly graphId: string | null;
  readonly variant: string | null;
  /** `done`, or the code of the error. */
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Writes it into the audit log: in the transaction of what was done, or by itself for what was refused. */
export async function audit(query: Query, deed: Deed, now: Date = new Date()): Promise<void> {
  await insertAuditEntry(query, { ...deed, at: now });
}
