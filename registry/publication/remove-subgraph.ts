import type { CompositionError } from '../../composition/compose.ts';
import type { Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { commit, untilCommitted } from './commit.ts';
import { composeListed, withoutSubgraph } from './compose-listed.ts';
import { draftContracts, draftVersion } from './draft.ts';
import { demandNoContract, demandPublished, type Head, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';
import { auditingRefusals } from './refusals.ts';

export interface RemoveInput {
  readonly graphId: string;
  readonly variant: string;
  readonly name: string;
  /** Tells what would be, and does nothing. */
  readonly dryRun: boolean;
  readonly actor: Principal;
}

export interface RemoveOutcome {
  /** Why the others do not compose without it; the last supergraph that did is served. */
  readonly errors: readonly CompositionError[];
  /** Whether another supergraph is served now, or would be. */
  readonly didUpdateSupergraph: boolean;
}

/**
 * Takes a subgraph out of a variant. Asked again, because its answer was lost, it answers the same again. Without the last one,
 * what was served is served still.
 *
 * @throws {RegistryError} GRAPH_UNKNOWN, VARIANT_UNKNOWN, SUBGRAPH_UNKNOWN, CONTRACT_INVALID, BUSY, DATABASE_UNAVAILABLE
 */
export async function removeSubgraph(p: Publishing, input: RemoveInput): Promise<RemoveOutcome> {
  const { graphId, variant, name, actor } = input;
  const deed = { actor: actor.name, action: 'subgraph.delete', graphId, variant, details: { subgraph: name } };
  return auditingRefusals(p, deed, () =>
    p.turns.take(`${graphId}@${variant}`, () => untilCommitted(() => tryToRemove(p, input))),
  );
}

async function tryToRemove(
  p: Publishing,
  { graphId, variant, name, dryRun, actor }: RemoveInput,
): Promise<RemoveOutcome | 'overtaken'> {
  const head = await readHead(p.database.query, graphId, variant);
  demandPublished(head);
  demandNoContract(head, 'Delete from');
  const { newest } = head;
  if (!head.subgraphs.some((subgraph) => subgraph.name === name)) {
    if (dryRun || newest?.kind !== 'delete' || newest.subgraph !== name) throw unknown(head, name);
    return { errors: newest.errors, didUpdateSupergraph: newest.supergraph !== null };
  }

  const subgraphs = withoutSubgraph(head.subgraphs, name);
  const composition = await composeListed(p, subgraphs);
  const draft = await draftVersion(
    p,
    head,
    { kind: 'delete', subgraph: name, origin: null, subgraphs, git: null, actor: actor.name },
    composition,
  );
  const { number, supergraph, errors } = draft.version;
  const outcome = { errors, didUpdateSupergraph: supergraph !== null && supergraph !== head.served?.supergraph };
  if (dryRun) return outcome;
  const contracts = 'supergraphSdl' in composition ? await draftContracts(p, draft, composition.supergraphSdl) : [];
  const isWritten = await commit(p, {
    from: head,
    drafts: [draft, ...contracts],
    action: 'subgraph.delete',
    actor: actor.name,
    details: { subgraph: name, version: number, errors: errors.length },
  });
  return isWritten ? outcome : 'overtaken';
}

function unknown({ graphId, variant, subgraphs }: Head, name: string): RegistryError {
  const names = subgraphs.map((subgraph) => subgraph.name).join(', ');
  return new RegistryError(
    'SUBGRAPH_UNKNOWN',
    `${graphId}@${variant} has no subgraph "${name}"; it has ${names === '' ? 'none' : names}.`,
  );
}
