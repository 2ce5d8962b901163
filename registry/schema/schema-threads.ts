import type { Composition } from '../../composition/compose.ts';
import type { Running } from '../../service/run.ts';
import { createThreadPool, type ThreadPoolOptions, ThreadPoolRefusal } from '../../service/thread-pool.ts';
import { RegistryError } from '../errors.ts';
import type { ContractFilter, ListedChange } from '../storage/tables.ts';
import type { ComparedContract, TracedChange } from './compare-supergraphs.ts';

/** What a thread can be asked for. */
export type SchemaTask =
  | { readonly kind: 'compare'; readonly before: string | undefined; readonly after: string }
  | {
      readonly kind: 'contract';
      readonly source: string;
      readonly filter: ContractFilter;
      readonly before: string | undefined;
    };

/** What is computed from whole supergraphs: it takes seconds for one of two thousand types, so it is done in threads. */
export interface SchemaThreads extends Running {
  /** All that differs in what clients see, and whom each change can hit; with nothing before, nothing. @throws {RegistryError} BUSY */
  compare(before: string | undefined, after: string): Promise<readonly TracedChange[]>;
  /** As `compare`, without whom it hits. @throws {RegistryError} BUSY */
  diff(before: string | undefined, after: string): Promise<readonly ListedChange[]>;
  /** What a contract would be, and what that changes for its clients. @throws {RegistryError} BUSY */
  compareContract(source: string, filter: ContractFilter, before: string | undefined): Promise<ComparedContract>;
  /** The supergraph of a contract. @throws {RegistryError} BUSY */
  buildContract(source: string, filter: ContractFilter): Promise<Composition>;
}

/** Starts no thread yet. */
export function createSchemaThreads(options: Omit<ThreadPoolOptions, 'worker'>): SchemaThreads {
  const pool = createThreadPool<SchemaTask, unknown>({
    ...options,
    worker: new URL('./schema-worker.ts', import.meta.url),
  });

  async function run<Result>(task: SchemaTask): Promise<Result> {
    try {
      return (await pool.run(task)) as Result;
    } catch (error) {
      if (!(error instanceof ThreadPoolRefusal)) throw error;
      const message = `Schemas could not be compared: ${error.message} Nothing was stored; try again.`;
      throw new RegistryError('BUSY', message, { cause: error });
    }
  }

  async function compare(before: string | undefined, after: string): Promise<readonly TracedChange[]> {
    return before === undefined || before === after ? [] : run({ kind: 'compare', before, after });
  }

  const compareContract = (source: string, filter: ContractFilter, before: string | undefined) =>
    run<ComparedContract>({ kind: 'contract', source, filter, before });

  return {
    compare,
    diff: async (before, after) => (await compare(before, after)).map(({ change }) => change),
    compareContract,
    buildContract: async (source, filter) => {
      const built = await compareContract(source, filter, undefined);
      return 'errors' in built ? built : { supergraphSdl: built.supergraphSdl, hints: [] };
    },
    close: () => pool.close(),
  };
}
