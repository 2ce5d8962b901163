import type { Database } from '../../service/database.ts';
import { audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import {
  holdPersistedList,
  listPersistedOperations,
  type PersistedListRow,
  type PersistedOperationRow,
  putPersistedOperations,
  readPersistedList,
} from '../storage/persisted-queries.ts';

/** An operation as a manifest lists it. */
export type ManifestOperation = Omit<PersistedOperationRow, 'listId' | 'isActive'>;

export interface OperationsInput {
  readonly graphId: string;
  readonly listId: string;
  readonly operations: readonly ManifestOperation[];
  readonly actor: Principal;
  readonly now: Date;
}

/** How many a list can have: a gateway keeps all of them in memory, and a publish compares with all. */
const MOST_OPERATIONS = 100_000;

/** What became of a manifest: counts, or the operation whose id stands for another text already. */
export type OperationsOutcome =
  | { readonly list: PersistedListRow; readonly revision: number; readonly counts: OperationCounts }
  | { readonly changedBody: ManifestOperation };

export interface OperationCounts {
  readonly added: number;
  readonly updated: number;
  readonly identical: number;
  /** Those of the list that the manifest does not name. */
  readonly unaffected: number;
  readonly removed: number;
}

/**
 * Adds the operations of a manifest to a list, in one transaction. What an earlier manifest brought stays: clients that were built
 * with it are still out there. The same manifest again changes nothing.
 *
 * @throws {RegistryError} BAD_REQUEST for a list that is not there, or that would have too many operations
 */
export function publishOperations(database: Database, input: OperationsInput): Promise<OperationsOutcome> {
  const { graphId, listId, actor, now } = input;
  return database.query.transaction(async (transaction) => {
    await holdPersistedList(transaction, listId);
    const list = await readPersistedList(transaction, graphId, listId);
    if (list === undefined) throw new RegistryError('BAD_REQUEST', `${graphId} has no list of operations "${listId}".`);

    const known = new Map((await listPersistedOperations(transaction, listId)).map((row) => [keyOf(row), row]));
    const given = new Map(input.operations.map((operation) => [keyOf(operation), operation]));
    const changedBody = input.operations.find((operation) => {
      const before = known.get(keyOf(operation)) ?? given.get(keyOf(operation));
      return before !== undefined && before.body !== operation.body;
    });
    if (changedBody !== undefined) return { changedBody };

    const added = [...given.values()].filter((operation) => !known.has(keyOf(operation)));
    const total = known.size + added.length;
    if (added.length > 0 && total > MOST_OPERATIONS)
      throw new RegistryError(
        'BAD_REQUEST',
        `The list "${list.name}" would have ${total} operations, and the registry takes ${MOST_OPERATIONS} at most; nothing was stored. Those of earlier manifests stay: make another list (createPersistedQueryList), publish to it what clients still send, and let the variants serve that one (setVariants).`,
      );
    const updated = [...given.values()].filter((operation) => !isAsBefore(operation, known.get(keyOf(operation))));
    const changed = [...added, ...updated];
    const counts = {
      added: added.length,
      updated: updated.length,
      identical: given.size - changed.length,
      unaffected: known.size - (given.size - added.length),
      removed: 0,
    };
    if (changed.length === 0) return { list, revision: list.revision, counts };
    const rows = changed.map((operation) => ({ ...operation, listId, isActive: true }));
    const { revision } = await putPersistedOperations(transaction, listId, rows);
    await audit(
      transaction,
      {
        ...{ actor: actor.name, action: 'persisted-queries.publish', graphId, variant: null },
        ...{ outcome: 'done', details: { listId, ...counts } },
      },
      now,
    );
    return { list, revision, counts };
  });
}

const keyOf = ({ id, clientName }: Pick<ManifestOperation, 'id' | 'clientName'>) => JSON.stringify([id, clientName]);

/** Also of one that was not there before. */
function isAsBefore({ name, type }: ManifestOperation, before: PersistedOperationRow | undefined): boolean {
  return before === undefined || (before.isActive && before.name === name && before.type === type);
}
