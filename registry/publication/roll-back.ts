import type { Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { readVersion } from '../storage/versions.ts';
import { commit, untilCommitted } from './commit.ts';
import { draftContracts, draftVersion, readText } from './draft.ts';
import { demandNoContract, demandPublished, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';
import { auditingRefusals } from './refusals.ts';

export interface RollBackInput {
  readonly graphId: string;
  readonly variant: string;
  /** The number of the version that is to be served again. */
  readonly to: number;
  readonly actor: Principal;
}

/**
 * Serves an earlier version again, subgraphs and supergraph, as a new version. Asked again, it answers the same again.
 *
 * @throws {RegistryError} GRAPH_UNKNOWN, VARIANT_UNKNOWN, VERSION_UNKNOWN, CONTRACT_INVALID, BUSY, DATABASE_UNAVAILABLE
 */
export async function rollBack(p: Publishing, input: RollBackInput): Promise<{ readonly version: number }> {
  const { graphId, variant, to, actor } = input;
  const deed = { actor: actor.name, action: 'variant.rollBack', graphId, variant, details: { to } };
  return auditingRefusals(p, deed, () =>
    p.turns.take(`${graphId}@${variant}`, () => untilCommitted(() => tryToRollBack(p, input))),
  );
}

async function tryToRollBack(
  p: Publishing,
  { graphId, variant, to, actor }: RollBackInput,
): Promise<{ readonly version: number } | 'overtaken'> {
  const { query } = p.database;
  const head = await readHead(query, graphId, variant);
  demandPublished(head);
  demandNoContract(head, 'Roll back');
  const target = await readVersion(query, graphId, variant, to);
  if (target === undefined)
    throw new RegistryError(
      'VERSION_UNKNOWN',
      `${graphId}@${variant} has no version ${to}; the newest is ${head.revision}.`,
    );
  if (target.supergraph === null)
    throw new RegistryError(
      'VERSION_UNKNOWN',
      `Version ${to} of ${graphId}@${variant} did not compose: it cannot be served.`,
    );
  const { newest } = head;
  if (newest?.number === to || (newest?.kind === 'rollback' && newest.origin === to)) return { version: newest.number };

  const supergraphSdl = await readText(query, target.supergraph);
  const { subgraphs, hints } = target;
  const draft = await draftVersion(
    p,
    head,
    { kind: 'rollback', subgraph: null, origin: to, subgraphs, git: null, actor: actor.name },
    { supergraphSdl, hints },
  );
  const { number } = draft.version;
  const isWritten = await commit(p, {
    from: head,
    drafts: [draft, ...(await draftContracts(p, draft, supergraphSdl))],
    action: 'variant.rollBack',
    actor: actor.name,
    details: { to, version: number },
  });
  return isWritten ? { version: number } : 'overtaken';
}
