import type { Composition, SubgraphSchema } from '../../composition/compose.ts';
import type { Database } from '../../service/database.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import type { SyntaxProblem } from '../schema/find-syntax-error.ts';
import type { SchemaThreads } from '../schema/schema-threads.ts';
import type { Query } from '../storage/query.ts';
import type { ContractFilter, ListedChange } from '../storage/tables.ts';
import type { VersionRow } from '../storage/versions.ts';
import type { Turns } from './turns.ts';

/** Parses a schema in a thread, as all below. @throws {RegistryError} BUSY, as all below */
export type FindSyntaxError = (sdl: string) => Promise<SyntaxProblem | undefined>;

/** Composes subgraphs. */
export type Compose = (subgraphs: readonly SubgraphSchema[]) => Promise<Composition>;

/** Makes the supergraph of a contract of that of its source. */
export type BuildContract = (supergraphSdl: string, filter: ContractFilter) => Promise<Composition>;

/** What the API schema of the second supergraph has that the first has not, and the other way; with no first, nothing. */
export type DiffApiSchemas = (
  beforeSupergraphSdl: string | undefined,
  afterSupergraphSdl: string,
) => Promise<readonly ListedChange[]>;

/** What every function that makes versions is handed. */
export interface Publishing {
  readonly database: Database;
  readonly findSyntaxError: FindSyntaxError;
  readonly lint: SchemaThreads['lint'];
  readonly compose: Compose;
  readonly buildContract: BuildContract;
  readonly diff: DiffApiSchemas;
  readonly current: CurrentSupergraphs;
  /** Publishes of one variant in this process wait for one another here. */
  readonly turns: Turns;
  readonly schemaLimitBytes: number;
  readonly now: () => Date;
  /** Called within the transaction, for what must be written with the version: webhooks' deliveries. */
  readonly onVersion: (transaction: Query, version: VersionRow) => Promise<void>;
}
