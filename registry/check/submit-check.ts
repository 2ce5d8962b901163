import type { CompositionError } from '../../composition/compose.ts';
import type { Planners } from '../../planning/planners.ts';
import type { Principal } from '../access/principal.ts';
import { proposeSubgraph } from '../publication/propose-subgraph.ts';
import type { Publishing } from '../publication/publishing.ts';
import type { Diagnostic } from '../schema/lint.ts';
import { type CheckRow, deleteChecksBefore, insertCheck } from '../storage/checks.ts';
import { listOverrides } from '../storage/overrides.ts';
import type { Query } from '../storage/query.ts';
import { storableGit } from '../storage/storable.ts';
import type { GitContext } from '../storage/tables.ts';
import { reaching } from '../storage/unavailable.ts';
import { readUsageWindow, type WantedOperations, type WindowUsage } from '../storage/usage-window.ts';
import { listContracts, readVariant, type VariantRow } from '../storage/variants.ts';
import { type CheckRecord, type CheckTask, type DownstreamResult, isFailed } from './check-record.ts';
import { type CheckWindow, toUsageWindow } from './check-window.ts';
import type { Comparing } from './compare-threads.ts';
import { failingFirst } from './judge-changes.ts';
import { judgeReplay } from './judge-replay.ts';
import { replayOperations } from './replay-operations.ts';

/** What checks are handed. */
export interface Checking {
  readonly publishing: Publishing;
  readonly comparing: Comparing;
  readonly planners: Planners;
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
  const { publishing, keepDays } = checking;
  const { graphId, variant, subgraph, sdl, actor } = input;
  const git = storableGit(input.git);
  const { composition, before } = await proposeSubgraph(publishing, {
    graphId,
    variant,
    name: subgraph,
    url: null,
    sdl,
  });
  return reaching(async () => {
    const { query } = publishing.database;
    const row = await readVariant(query, graphId, variant);
    const after = 'errors' in composition ? undefined : composition.supergraphSdl;
    const tasks: CheckTask[] = [
      {
        kind: 'composition',
        coreSchemaModified: after !== undefined && after !== before.supergraphSdl,
        errors: 'errors' in composition ? composition.errors : [],
      },
      ...(after === undefined ? [] : await lookAtClients(checking, input, row, before.supergraphSdl, after)),
      toLintTask(sdl, await publishing.lint(sdl, { baseSdl: before.subgraphSdl, rules: row?.policy.lint })),
    ];
    const status = tasks.some(isFailed) ? 'FAILED' : 'PASSED';
    const createdAt = publishing.now();
    const checked = { graphId, variant, subgraph, status, result: tasks, git, actor: actor.name, createdAt } as const;
    const id = await query.transaction(async (transaction) => {
      await deleteChecksBefore(transaction, graphId, variant, new Date(createdAt.getTime() - keepDays * DAY_MS));
      const inserted = await insertCheck(transaction, checked);
      await checking.onCheck(transaction, { id: inserted, ...checked });
      return inserted;
    });
    return { id, status, tasks };
  });
}

const DAY_MS = 86_400_000;

/** The text is kept with the check only where something is said about it. */
function toLintTask(sdl: string, diagnostics: readonly Diagnostic[]): CheckTask {
  return { kind: 'lint', sdl: diagnostics.length === 0 ? '' : sdl, diagnostics };
}

async function lookAtClients(
  checking: Checking,
  input: CheckInput,
  row: VariantRow | undefined,
  before: string | undefined,
  after: string,
): Promise<CheckTask[]> {
  const { query } = checking.publishing.database;
  const contracts = await listContracts(query, input.graphId, input.variant);
  const [operations, ...results] = await Promise.all([
    judgeOperations(checking, input, row, before, after),
    ...contracts.map((contract) => lookAtContract(checking, input, contract, after)),
  ]);
  return contracts.length === 0 ? [operations] : [operations, { kind: 'downstream', results }];
}

async function judgeOperations(
  checking: Checking,
  input: CheckInput,
  row: VariantRow | undefined,
  before: string | undefined,
  after: string,
): Promise<CheckTask> {
  const { publishing, comparing, planners, replay } = checking;
  const { changes, coordinates } = await comparing.compare(before, after);
  const [usage, overrides] = await Promise.all([
    readUsage(checking, input, input.variant, row, { coordinates, mostUsed: replay.operations }),
    listOverrides(publishing.database.query, input.graphId, input.variant),
  ]);
  const judged = await comparing.judge(changes, usage, overrides);
  const popular = before === undefined || before === after ? [] : usage.wanted.filter(({ isPopular }) => isPopular);
  const replayed = await replayOperations(before ?? after, after, popular, { planners, budgetMs: replay.budgetMs });
  return {
    kind: 'operations',
    checkedOperations: usage.operations,
    leftOut: usage.leftOut.operations,
    changes: failingFirst([...judged.changes, ...judgeReplay(replayed, judged.hit, overrides)]),
    replayed: replayed.replayed,
    notReplayed: replayed.notReplayed,
  };
}

function readUsage(
  { publishing, usageWindowDays }: Checking,
  { graphId, window }: CheckInput,
  variant: string,
  row: VariantRow | undefined,
  wanted: WantedOperations,
): Promise<WindowUsage> {
  const days = row?.policy.usageWindowDays ?? usageWindowDays;
  return readUsageWindow(
    publishing.database.query,
    toUsageWindow(window, { graphId, variant, days, now: publishing.now() }),
    wanted,
  );
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
  const own = { ...input, window: { ...input.window, includedVariants: [] } };
  const [usage, ...overrides] = await Promise.all([
    readUsage(checking, own, variant, contract, { coordinates: built.coordinates, mostUsed: 0 }),
    ...[input.variant, variant].map((each) => listOverrides(query, graphId, each)),
  ]);
  const { changes } = await comparing.judge(built.changes, usage, overrides.flat());
  const errors = changes.flatMap(({ severity, code, description }): CompositionError[] =>
    severity === 'FAILURE' ? [{ code, message: description, locations: [] }] : [],
  );
  return { variant, fails: errors.length > 0, errors };
}
