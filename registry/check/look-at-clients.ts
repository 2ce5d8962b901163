import type { CompositionError } from '../../composition/compose.ts';
import type { Proposal } from '../publication/propose-subgraph.ts';
import { listOverrides } from '../storage/overrides.ts';
import type { VariantRow } from '../storage/variants.ts';
import type { CheckTask, DownstreamResult } from './check-record.ts';
import { failingFirst } from './judge-changes.ts';
import { judgeReplay } from './judge-replay.ts';
import { readUsage } from './read-usage.ts';
import type { Replaying } from './replay-operations.ts';
import type { CheckInput, Checking } from './submit-check.ts';

/** What would follow what. */
export interface Composed {
  readonly proposal: Proposal;
  /** The supergraph that would be. */
  readonly after: string;
  /** From the supergraph before to that one. */
  readonly replay: Replaying;
}

/** Whom a supergraph would hit: the clients of the variant, and those of each contract. */
export async function lookAtClients(checking: Checking, input: CheckInput, composed: Composed): Promise<CheckTask[]> {
  const { contracts } = composed.proposal;
  const [operations, ...results] = await Promise.all([
    judgeOperations(checking, input, composed),
    ...contracts.map((contract) => lookAtContract(checking, input, contract, composed.after)),
  ]);
  return contracts.length === 0 ? [operations] : [operations, { kind: 'downstream', results }];
}

async function judgeOperations(
  checking: Checking,
  input: CheckInput,
  { proposal, after, replay }: Composed,
): Promise<CheckTask> {
  const { publishing, comparing } = checking;
  const { changes, coordinates } = await comparing.compare(proposal.before.supergraphSdl, after);
  const [usage, overrides] = await Promise.all([
    readUsage(checking, input, proposal.policy, { coordinates, mostUsed: checking.replay.operations }),
    listOverrides(publishing.database.query, input.graphId, input.variant),
  ]);
  const popular = usage.wanted.filter(({ isPopular }) => isPopular);
  const [judged, replayed] = await Promise.all([
    comparing.judge(changes, usage, overrides),
    replay.replay(after, popular),
  ]);
  return {
    kind: 'operations',
    checkedOperations: usage.operations,
    leftOut: usage.leftOut.operations,
    changes: failingFirst([...judged.changes, ...judgeReplay(replayed, judged.hit, overrides)]),
    replayed: replayed.replayed,
    notReplayed: replayed.notReplayed,
  };
}

/** A contract has clients of its own: it fails when it cannot be made, or when one of its operations is hit. */
async function lookAtContract(
  checking: Checking,
  input: CheckInput,
  contract: VariantRow,
  after: string,
): Promise<DownstreamResult> {
  const { publishing, comparing } = checking;
  const { graphId } = input;
  const { name: variant, filter } = contract;
  if (filter === null) return { variant, fails: false, errors: [] };
  const served = publishing.current.get(graphId, variant)?.sdl;
  const built = await comparing.compareContract(after, filter, served);
  if ('errors' in built) return { variant, fails: true, errors: built.errors };
  const { query } = publishing.database;
  const own = { ...input, variant, window: { ...input.window, includedVariants: [] } };
  const [usage, ...overrides] = await Promise.all([
    readUsage(checking, own, contract.policy, { coordinates: built.coordinates, mostUsed: 0 }),
    ...[input.variant, variant].map((each) => listOverrides(query, graphId, each)),
  ]);
  const { changes } = await comparing.judge(built.changes, usage, overrides.flat());
  const errors = changes.flatMap(({ severity, code, description }): CompositionError[] =>
    severity === 'FAILURE' ? [{ code, message: description, locations: [] }] : [],
  );
  return { variant, fails: errors.length > 0, errors };
}
