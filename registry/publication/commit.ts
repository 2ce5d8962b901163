import { audit } from '../access/audit.ts';
import { RegistryError } from '../errors.ts';
import { storeDocuments } from '../storage/documents.ts';
import { notify } from '../storage/notices.ts';
import type { Query } from '../storage/query.ts';
import type { ContractFilter } from '../storage/tables.ts';
import { holdVariant, listContracts, updateVariant, type VariantRow } from '../storage/variants.ts';
import { insertVersion } from '../storage/versions.ts';
import type { Draft } from './draft.ts';
import type { Head } from './head.ts';
import type { Publishing } from './publishing.ts';

/** What is written together. */
export interface Commit {
  /** What the drafts were made from, their source: if it is another now, nothing is written. */
  readonly from: Head;
  /** Of `from` itself, of its contracts, or none. */
  readonly drafts: readonly Draft[];
  /** Another variant that is a contract of `from` from now on, or lets through something else. */
  readonly contract?: { readonly head: Head; readonly filter: ContractFilter };
  /** For the audit log. */
  readonly action: string;
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Somebody else has changed what a draft was made from. */
class Overtaken extends Error {}

/**
 * Writes versions, with all that belongs to them, in one short transaction; then serves their supergraphs.
 *
 * @returns false, with nothing written, when somebody else was faster: everything is to be done again from what is there now
 */
export async function commit(p: Publishing, change: Commit): Promise<boolean> {
  const { from, drafts, contract, action, actor, details } = change;
  const { graphId, variant } = from;
  const now = p.now();
  try {
    await p.database.query.transaction(async (transaction) => {
      await holdAsSeen(transaction, from, now);
      if (!isSame(from.contracts, await listContracts(transaction, graphId, variant))) throw new Overtaken();
      for (const head of othersOf(change)) await holdAsSeen(transaction, head, now);
      if (contract !== undefined) {
        const { head, filter } = contract;
        await updateVariant(transaction, graphId, head.variant, { sourceVariant: variant, filter });
      }
      await storeDocuments(
        transaction,
        drafts.flatMap(({ documents }) => documents),
      );
      for (const draft of drafts) await write(p, transaction, draft);
      await audit(transaction, { actor, action, graphId, variant, outcome: 'done', details }, now);
    });
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
  for (const { head } of drafts) await p.current.refresh(head.graphId, head.variant);
  return true;
}

/** Besides `from`; by name, as they are held. */
function othersOf({ from, drafts, contract }: Commit): readonly Head[] {
  const heads = new Set([...drafts.map(({ head }) => head), ...(contract === undefined ? [] : [contract.head])]);
  heads.delete(from);
  return [...heads].sort((a, b) => (a.variant < b.variant ? -1 : 1));
}

async function holdAsSeen(transaction: Query, seen: Head, now: Date): Promise<void> {
  const held = await holdVariant(transaction, seen.graphId, seen.variant, now);
  if (held.revision !== seen.revision || held.sourceVariant !== seen.sourceVariant) throw new Overtaken();
}

async function write({ onVersion }: Publishing, transaction: Query, { version }: Draft): Promise<void> {
  const { graphId, variant, number, supergraph } = version;
  await insertVersion(transaction, version);
  await updateVariant(transaction, graphId, variant, {
    revision: number,
    ...(supergraph === null ? {} : { current: number }),
  });
  await onVersion(transaction, version);
  await notify(transaction, { kind: 'variant', graphId, variant });
}

function isSame(seen: readonly VariantRow[], now: readonly VariantRow[]): boolean {
  const shown = (rows: readonly VariantRow[]) => JSON.stringify(rows.map(({ name, filter }) => [name, filter]));
  return shown(seen) === shown(now);
}

/** More processes than anybody has, all publishing to one variant at once. */
const ATTEMPTS = 50;

/** Tries until nobody else is faster; each time somebody else has published. @throws {RegistryError} BUSY */
export async function untilCommitted<Result>(attempt: () => Promise<Result | 'overtaken'>): Promise<Result> {
  for (let count = 0; count < ATTEMPTS; count++) {
    const result = await attempt();
    if (result !== 'overtaken') return result;
  }
  throw new RegistryError('BUSY', 'Others publish to this variant all the time. Nothing was stored; try again.');
}
