import type { Running } from '../../service/run.ts';
import { createThreadPool, type ThreadPoolOptions, ThreadPoolRefusal } from '../../service/thread-pool.ts';
import { RegistryError } from '../errors.ts';
import type { OverrideRow } from '../storage/overrides.ts';
import type { ContractFilter } from '../storage/tables.ts';
import type { WindowUsage } from '../storage/usage-window.ts';
import type { ComparedContract, Comparison, TracedChange } from './compare-supergraphs.ts';
import type { Judgement } from './judge-changes.ts';
import type { ClientOperation, OperationProblem } from './validate-operations.ts';

/** What a thread can be asked for. */
export type CompareTask =
  | { readonly kind: 'supergraph'; readonly before: string; readonly after: string }
  | {
      readonly kind: 'contract';
      readonly source: string;
      readonly filter: ContractFilter;
      readonly before: string | undefined;
    }
  | {
      readonly kind: 'judge';
      readonly changes: readonly TracedChange[];
      readonly usage: WindowUsage;
      readonly overrides: readonly OverrideRow[];
    }
  | { readonly kind: 'operations'; readonly supergraph: string; readonly operations: readonly ClientOperation[] };

/** Compares whole supergraphs, which takes seconds for those of two thousand types, in threads: meanwhile gateways are answered. */
export interface Comparing extends Running {
  /** All that differs in what clients see, and whom each change can hit; with nothing before, nothing. @throws {RegistryError} BUSY */
  compare(before: string | undefined, after: string): Promise<Comparison>;
  /** What a contract would be, and what that changes for its clients. @throws {RegistryError} BUSY */
  compareContract(source: string, filter: ContractFilter, before: string | undefined): Promise<ComparedContract>;
  /** Whether somebody is hit by changes, as `judgeChanges` says. @throws {RegistryError} BUSY */
  judge(changes: readonly TracedChange[], usage: WindowUsage, overrides: readonly OverrideRow[]): Promise<Judgement>;
  /** What is wrong with operations of a client on a supergraph, within ten seconds. @throws {RegistryError} BUSY */
  validate(supergraph: string, operations: readonly ClientOperation[]): Promise<readonly OperationProblem[]>;
}

/** How long the operations of one client may take, in milliseconds, and how many may wait. */
const VALIDATING = { threads: 1, timeoutMs: 10_000, queueLength: 20 };

/** Starts no thread yet. */
export function createComparing(options: Omit<ThreadPoolOptions, 'worker'>): Comparing {
  const worker = new URL('./compare-worker.ts', import.meta.url);
  const pool = createThreadPool<CompareTask, unknown>({ ...options, worker });
  // Apart: whoever may read a variant may have operations validated, and checks do not wait for that.
  const validating = createThreadPool<CompareTask, unknown>({ ...options, ...VALIDATING, worker });

  async function run<Result>(task: CompareTask, { run: start } = pool): Promise<Result> {
    try {
      return (await start(task)) as Result;
    } catch (error) {
      if (!(error instanceof ThreadPoolRefusal)) throw error;
      const message = `The schemas could not be compared: ${error.message} Try again.`;
      throw new RegistryError('BUSY', message, { cause: error });
    }
  }

  return {
    compare: async (before, after) =>
      before === undefined || before === after
        ? { changes: [], coordinates: [] }
        : run({ kind: 'supergraph', before, after }),
    compareContract: (source, filter, before) => run({ kind: 'contract', source, filter, before }),
    judge: async (changes, usage, overrides) => {
      if (changes.length === 0) return { changes: [], hit: new Set() };
      // Their texts are for whoever plans them again: they need not cross.
      const wanted = usage.wanted.map((operation) => ({ ...operation, body: null }));
      return run({ kind: 'judge', changes, usage: { ...usage, wanted }, overrides });
    },
    validate: (supergraph, operations) => run({ kind: 'operations', supergraph, operations }, validating),
    close: async () => {
      await Promise.all([pool.close(), validating.close()]);
    },
  };
}
