import type { PlannerPairs } from '../../planning/planner-pairs.ts';
import type { Principal } from '../access/principal.ts';
import { composeProposal, type Proposal, proposeSubgraph } from '../publication/propose-subgraph.ts';
import type { Publishing } from '../publication/publishing.ts';
import type { Diagnostic } from '../schema/lint.ts';
import { type CheckRow, deleteChecksBefore, insertCheck } from '../storage/checks.ts';
import type { Query } from '../storage/query.ts';
import { storableGit } from '../storage/storable.ts';
import type { GitContext } from '../storage/tables.ts';
import { reaching } from '../storage/unavailable.ts';
import { type CheckRecord, type CheckTask, isFailed } from './check-record.ts';
import type { CheckWindow } from './check-window.ts';
import type { Comparing } from './compare-threads.ts';
import { lookAtClients } from './look-at-clients.ts';
import { isUsed } from './read-usage.ts';
import { createReplay, type Replaying } from './replay-operations.ts';

/** What checks are handed. */
export interface Checking {
  readonly publishing: Publishing;
  readonly comparing: Comparing;
  readonly pairs: PlannerPairs;
  /** How far back usage is looked at where neither rover nor the variant's policy says so, in days. */
  readonly usageWindowDays: number;
  /** How many of the most used operations are planned again, and how long that may take, in milliseconds. */
  readonly replay: { readonly operations: number; readonly budgetMs: number };
  /** For how long a check can be looked at, in days. */
  readonly keepDays: number;
  /** Called within the transaction that writes the check: webhooks' deliveries. */
  readonly onCheck: (transaction: Query, check: CheckRow) => Promise<void>;
}

export interface CheckInput {
  readonly graphId: string;
  readonly variant: string;
  readonly subgraph: string;
  readonly sdl: string;
  readonly window: CheckWindow;
  readonly git: GitContext | null;
  readonly actor: Principal;
}

/**
 * What would happen if a subgraph were published, with the URL that it has: whether all composes, whom the changes hit, what the
 * rules of lint say, and what becomes of the contracts. The result is written when all of it is done.
 *
 * @throws {RegistryError} what `proposeSubgraph` does, and BUSY
 */
export async function submitCheck(checking: Checking, input: CheckInput): Promise<CheckRecord> {
  const { graphId, variant, subgraph: name, sdl } = input;
  const git = storableGit(input.git);
  const proposal = await proposeSubgraph(checking.publishing, { graphId, variant, name, url: null, sdl });
  return reaching(async () => {
    const tasks = await lookAt(checking, input, proposal);
    return writeCheck(checking, { ...input, git }, tasks);
  });
}

async function lookAt(checking: Checking, input: CheckInput, proposal: Proposal): Promise<readonly CheckTask[]> {
  const { publishing } = checking;
  const { before, policy } = proposal;
  const replay = createReplay(checking, before.supergraphSdl);
  try {
    const composing = composeProposal(publishing, proposal);
    const beginning = beginReplay(checking, input, proposal, replay);
    const [composition] = await Promise.all([composing, beginning]);
    const after = 'errors' in composition ? undefined : composition.supergraphSdl;
    replay.follow(after);
    const [clients, lint] = await Promise.all([
      after === undefined ? [] : lookAtClients(checking, input, { proposal, after, replay }),
      publishing.lint(input.sdl, { baseSdl: before.subgraphSdl, rules: policy.lint }),
    ]);
    return [
      {
        kind: 'composition',
        coreSchemaModified: after !== undefined && after !== before.supergraphSdl,
        errors: 'errors' in composition ? composition.errors : [],
      },
      ...clients,
      toLintTask(input.sdl, lint),
    ];
  } finally {
    replay.close();
  }
}

/** Planning takes longest to begin: it begins beside the composition where there is something to plan. */
async function beginReplay(
  checking: Checking,
  input: CheckInput,
  { policy, before }: Proposal,
  replay: Replaying,
): Promise<void> {
  if (input.sdl === before.subgraphSdl || checking.replay.operations === 0) return;
  if (await isUsed(checking, input, policy)) replay.begin();
}

async function writeCheck(
  { publishing, keepDays, onCheck }: Checking,
  { graphId, variant, subgraph, git, actor }: CheckInput,
  tasks: readonly CheckTask[],
): Promise<CheckRecord> {
  const status = tasks.some(isFailed) ? 'FAILED' : 'PASSED';
  const createdAt = publishing.now();
  const checked = { graphId, variant, subgraph, status, result: tasks, git, actor: actor.name, createdAt } as const;
  const id = await publishing.database.query.transaction(async (transaction) => {
    await deleteChecksBefore(transaction, graphId, variant, new Date(createdAt.getTime() - keepDays * DAY_MS));
    const inserted = await insertCheck(transaction, checked);
    await onCheck(transaction, { id: inserted, ...checked });
    return inserted;
  });
  return { id, status, tasks };
}

const DAY_MS = 86_400_000;

/** The text is kept with the check only where something is said about it. */
function toLintTask(sdl: string, diagnostics: readonly Diagnostic[]): CheckTask {
  return { kind: 'lint', sdl: diagnostics.length === 0 ? '' : sdl, diagnostics };
}
