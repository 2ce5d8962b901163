import type { Composition, SubgraphSchema } from '../../composition/compose.ts';
import type { Running } from '../../service/run.ts';
import { createThreadPool, type ThreadPoolOptions, ThreadPoolRefusal } from '../../service/thread-pool.ts';
import { RegistryError } from '../errors.ts';
import type { ContractFilter, ListedChange } from '../storage/tables.ts';
import type { SyntaxProblem } from './find-syntax-error.ts';
import type { Diagnostic, LintOptions } from './lint.ts';
import type { ReadYaml } from './read-yaml.ts';
import type { MappedType } from './type-map.ts';

/** What a thread can be asked for. */
export type SchemaTask =
  | { readonly kind: 'parse'; readonly sdl: string }
  | { readonly kind: 'compose'; readonly subgraphs: readonly SubgraphSchema[] }
  | { readonly kind: 'lint'; readonly sdl: string; readonly options: LintOptions }
  | { readonly kind: 'yaml'; readonly text: string }
  | { readonly kind: 'contract'; readonly source: string; readonly filter: ContractFilter }
  | { readonly kind: 'print'; readonly supergraph: string }
  | { readonly kind: 'map'; readonly supergraph: string }
  | { readonly kind: 'find'; readonly supergraph: string; readonly coordinate: string }
  | { readonly kind: 'diff'; readonly before: string; readonly after: string };

/** What is computed from whole schemas: it takes seconds for two thousand types, so it is done in threads. */
export interface SchemaThreads extends Running {
  /** What is wrong with a text as GraphQL. @throws {RegistryError} BUSY */
  findSyntaxError(sdl: string): Promise<SyntaxProblem | undefined>;
  /** What is against the rules in the SDL of a subgraph, or in any schema. @throws {RegistryError} BUSY */
  lint(sdl: string, options: LintOptions): Promise<readonly Diagnostic[]>;
  /** What a text in YAML says: one of many megabytes takes long, and much memory. @throws {RegistryError} BUSY */
  readYaml(text: string): Promise<ReadYaml>;
  /** The supergraph of subgraphs, or why there is none. @throws {RegistryError} BUSY */
  compose(subgraphs: readonly SubgraphSchema[]): Promise<Composition>;
  /** The supergraph of a contract, or why there is none. @throws {RegistryError} BUSY */
  buildContract(source: string, filter: ContractFilter): Promise<Composition>;
  /** What clients see of a supergraph, as SDL. @throws {RegistryError} BUSY */
  printApiSchema(supergraph: string): Promise<string>;
  /** Which field of a supergraph comes from where. @throws {RegistryError} BUSY */
  mapTypes(supergraph: string): Promise<readonly MappedType[]>;
  /** Whether a supergraph has what a coordinate names. @throws {RegistryError} BUSY */
  hasCoordinate(supergraph: string, coordinate: string): Promise<boolean>;
  /** All that differs for clients of two supergraphs; with nothing before, nothing. @throws {RegistryError} BUSY */
  diff(before: string | undefined, after: string): Promise<readonly ListedChange[]>;
}

/** Composing makes hundreds of megabytes of short-lived objects: with the usual 48 MB for them a third of its time went to collecting. */
const YOUNG_MB = 256;

const REASONS: Readonly<Record<ThreadPoolRefusal['fault'], string>> = {
  'queue full': 'Too many schemas are waiting already (composition.queueLength).',
  timeout: 'It took too long (composition.timeoutMs).',
  'thread ended': 'It needed more memory than it may have (composition.heapMb).',
  closed: 'The registry is being stopped.',
};

/** Starts no thread yet: each is started when there is work for it, and ends when there was none for a while. */
export function createSchemaThreads(options: Omit<ThreadPoolOptions, 'worker'>): SchemaThreads {
  const pool = createThreadPool<SchemaTask, unknown>({
    ...options,
    youngMb: YOUNG_MB,
    worker: new URL('./schema-worker.ts', import.meta.url),
  });

  async function run<Result>(task: SchemaTask): Promise<Result> {
    try {
      return (await pool.run(task)) as Result;
    } catch (error) {
      if (!(error instanceof ThreadPoolRefusal)) throw error;
      throw new RegistryError('BUSY', `${REASONS[error.fault]} Nothing was stored; try again.`, { cause: error });
    }
  }

  return {
    findSyntaxError: (sdl) => run({ kind: 'parse', sdl }),
    lint: (sdl, options) => run({ kind: 'lint', sdl, options }),
    readYaml: (text) => run({ kind: 'yaml', text }),
    compose: (subgraphs) => run({ kind: 'compose', subgraphs }),
    buildContract: (source, filter) => run({ kind: 'contract', source, filter }),
    printApiSchema: (supergraph) => run({ kind: 'print', supergraph }),
    mapTypes: (supergraph) => run({ kind: 'map', supergraph }),
    hasCoordinate: (supergraph, coordinate) => run({ kind: 'find', supergraph, coordinate }),
    // All that a first version brings is in its schema: a list of it would be longer.
    diff: async (before, after) => (before === undefined ? [] : run({ kind: 'diff', before, after })),
    close: () => pool.close(),
  };
}
