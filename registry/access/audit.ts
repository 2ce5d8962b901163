import { insertAuditEntry } from '../storage/audit-entries.ts';
import type { Query } from '../storage/query.ts';
import { storableText } from '../storage/storable.ts';

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

/** In characters, of each text: what was refused may have been a name of megabytes, with characters that Postgres does not take. */
const LONGEST = 1_000;

/** Writes it into the audit log: in the transaction of what was done, or by itself for what was refused. */
export async function audit(query: Query, deed: Deed, now: Date = new Date()): Promise<void> {
  await insertAuditEntry(query, { ...deed, ...written(deed), at: now });
}

/** Names are bounded more tightly than the rest: they stand in an index. */
function written({ graphId, variant, details }: Deed): Pick<Deed, 'graphId' | 'variant' | 'details'> {
  const name = (text: string | null) => (text === null ? null : storableText(text, 100));
  const text = JSON.stringify(details, (_key, value) =>
    typeof value === 'string' ? storableText(value, LONGEST) : value,
  );
  return { graphId: name(graphId), variant: name(variant), details: JSON.parse(text) };
}
