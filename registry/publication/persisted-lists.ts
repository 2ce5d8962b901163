import type { Database } from '../../service/database.ts';
import { audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { holdGraph } from '../storage/graphs.ts';
import {
  countPersistedLists,
  deletePersistedList,
  holdPersistedList,
  insertPersistedList,
  listPersistedLists,
  type PersistedListRow,
  readListOfVariant,
  readPersistedList,
  updateListVariants,
} from '../storage/persisted-queries.ts';
import type { Query } from '../storage/query.ts';
import { holdKnownVariant, listVariants } from '../storage/variants.ts';

interface Lists {
  readonly database: Database;
  readonly now: () => Date;
}

/** Which list, and who asks. */
export interface ListTarget {
  readonly graphId: string;
  readonly listId: string;
  readonly actor: Principal;
}

/** How many a graph can have: the answer to who does not find his has all of them. */
const MOST_LISTS = 100;

/**
 * Makes a list of persisted operations that variants serve.
 *
 * @throws {RegistryError} BAD_REQUEST without a name, when the graph has too many, or when one of the variants serves a list already; VARIANT_UNKNOWN
 */
export async function createPersistedList(
  { database, now }: Lists,
  {
    graphId,
    name,
    variants,
    actor,
  }: Pick<PersistedListRow, 'graphId' | 'name' | 'variants'> & { readonly actor: Principal },
): Promise<PersistedListRow> {
  if (name.trim() === '') throw new RegistryError('BAD_REQUEST', 'A list of operations needs a name.');
  return database.query.transaction(async (transaction) => {
    // Held: two at once do not both take the last place.
    await holdGraph(transaction, graphId);
    if ((await countPersistedLists(transaction, graphId)) >= MOST_LISTS)
      throw new RegistryError(
        'BAD_REQUEST',
        `${graphId} has ${MOST_LISTS} lists of operations, and the registry takes no more. Publish to one of them (persistedQueryLists), or delete one that no variant serves (persistedQueryList(id: …) { delete }).`,
      );
    await claimVariants(transaction, graphId, variants, undefined);
    const list = await insertPersistedList(transaction, { graphId, name, variants, createdAt: now() });
    const deed = { actor: actor.name, action: 'persisted-queries.create', graphId, variant: null, outcome: 'done' };
    await audit(transaction, { ...deed, details: { id: list.id, name, variants } }, now());
    return list;
  });
}

/** Lets other variants serve a list, instead of those that do. @throws {RegistryError} BAD_REQUEST, VARIANT_UNKNOWN */
export function setListVariants(
  { database, now }: Lists,
  { graphId, listId, actor }: ListTarget,
  variants: readonly string[],
): Promise<PersistedListRow> {
  return database.query.transaction(async (transaction) => {
    const list = await holdList(transaction, graphId, listId);
    await claimVariants(transaction, graphId, variants, listId);
    await updateListVariants(transaction, listId, variants);
    const deed = { actor: actor.name, action: 'persisted-queries.link', graphId, variant: null, outcome: 'done' };
    await audit(transaction, { ...deed, details: { id: listId, name: list.name, variants } }, now());
    return { ...list, variants: [...variants] };
  });
}

/**
 * Deletes a list with its operations. Gateways that follow it keep what they had.
 *
 * @throws {RegistryError} BAD_REQUEST when it is not there
 */
export function deleteList({ database, now }: Lists, { graphId, listId, actor }: ListTarget): Promise<void> {
  return database.query.transaction(async (transaction) => {
    const { name } = await holdList(transaction, graphId, listId);
    await deletePersistedList(transaction, listId);
    const deed = { actor: actor.name, action: 'persisted-queries.delete', graphId, variant: null, outcome: 'done' };
    await audit(transaction, { ...deed, details: { id: listId, name } }, now());
  });
}

async function holdList(transaction: Query, graphId: string, listId: string): Promise<PersistedListRow> {
  await holdPersistedList(transaction, listId);
  const list = await readPersistedList(transaction, graphId, listId);
  if (list === undefined) {
    const known = (await listPersistedLists(transaction, graphId)).map(({ id, name }) => `${id} (${name})`).join(', ');
    throw new RegistryError('BAD_REQUEST', `${graphId} has no list "${listId}"; it has ${known || 'none'}.`);
  }
  return list;
}

/** A variant serves one list: a second would be followed by nobody. Each is held, so that no two lists get it at once. */
async function claimVariants(
  transaction: Query,
  graphId: string,
  variants: readonly string[],
  listId: string | undefined,
): Promise<void> {
  for (const variant of [...new Set(variants)].sort()) {
    if (!(await holdKnownVariant(transaction, graphId, variant))) {
      const known = (await listVariants(transaction, graphId)).map(({ name }) => name).join(', ');
      throw new RegistryError('VARIANT_UNKNOWN', `${graphId} has no variant "${variant}"; it has ${known || 'none'}.`);
    }
    const served = await readListOfVariant(transaction, graphId, variant);
    if (served !== undefined && served.id !== listId)
      throw new RegistryError(
        'BAD_REQUEST',
        `${graphId}@${variant} serves the list "${served.name}" (${served.id}) already, and a variant serves one. Publish to that one, or take the variant from it first (setVariants).`,
      );
  }
}
