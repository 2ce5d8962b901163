import { audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { deleteChecksOf } from '../storage/checks.ts';
import { forgetDocuments } from '../storage/documents.ts';
import { readGraph } from '../storage/graphs.ts';
import { notify } from '../storage/notices.ts';
import { deleteOverridesOf } from '../storage/overrides.ts';
import { deleteUsageOf } from '../storage/usage.ts';
import { deleteVariant as deleteRow, holdKnownVariant, listContracts } from '../storage/variants.ts';
import { listDocumentsOf } from '../storage/versions.ts';
import type { Publishing } from './publishing.ts';
import { auditingRefusals } from './refusals.ts';

export interface DeleteVariantInput {
  readonly graphId: string;
  readonly variant: string;
  readonly actor: Principal;
}

/**
 * Takes a variant away, with its versions, their texts, and what is known of it: one that is made by the same name begins anew. Gateways
 * that follow it keep what they have.
 *
 * @returns whether it was there
 * @throws {RegistryError} GRAPH_UNKNOWN, CONTRACT_INVALID when contracts are made from it, DATABASE_UNAVAILABLE
 */
export function deleteVariant(p: Publishing, { graphId, variant, actor }: DeleteVariantInput): Promise<boolean> {
  const deed = { actor: actor.name, action: 'variant.delete', graphId, variant, details: {} };
  return auditingRefusals(p, deed, () =>
    p.turns.take(`${graphId}@${variant}`, async () => {
      const wasThere = await p.database.query.transaction(async (transaction) => {
        if ((await readGraph(transaction, graphId)) === undefined)
          throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}".`);
        // Held first, so that nobody makes a contract of it meanwhile.
        if (!(await holdKnownVariant(transaction, graphId, variant))) return false;
        const contracts = (await listContracts(transaction, graphId, variant)).map(({ name }) => name);
        if (contracts.length > 0)
          throw new RegistryError(
            'CONTRACT_INVALID',
            `Contracts are made from ${graphId}@${variant}: ${contracts.join(', ')}. Delete those first.`,
          );
        const documents = await listDocumentsOf(transaction, graphId, variant);
        await deleteRow(transaction, graphId, variant);
        await deleteOverridesOf(transaction, graphId, variant);
        await deleteChecksOf(transaction, graphId, variant);
        await forgetDocuments(transaction, documents);
        await audit(transaction, { ...deed, outcome: 'done' }, p.now());
        await notify(transaction, { kind: 'graph', graphId });
        return true;
      });
      await p.current.refreshAll();
      // Nobody counts for it any more: it is not known. What is left when this fails goes when it is too old.
      if (wasThere) await deleteUsageOf(p.database.query, graphId, variant);
      return wasThere;
    }),
  );
}
