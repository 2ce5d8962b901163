import type { GraphQLSchema } from 'graphql';
import { toApiSchema } from '../../composition/api-schema.ts';
import type { CompositionError } from '../../composition/compose.ts';
import { filterSupergraph } from '../../composition/contract.ts';
import { diffApiSchemas } from '../schema/changes.ts';
import { createTraces, type Traces } from '../schema/traces.ts';
import type { ContractFilter, ListedChange } from '../storage/tables.ts';

/** A change, and whom it can hit; nobody where it breaks nothing. */
export interface TracedChange {
  readonly change: ListedChange;
  readonly traces: Traces | undefined;
}

/** All that differs in what clients see of two supergraphs. */
export function compareSupergraphs(beforeSdl: string | undefined, afterSdl: string): TracedChange[] {
  return beforeSdl === undefined || beforeSdl === afterSdl
    ? []
    : traceChanges(toApiSchema(beforeSdl), toApiSchema(afterSdl));
}

function traceChanges(before: GraphQLSchema, after: GraphQLSchema): TracedChange[] {
  const traces = createTraces(before, after);
  return diffApiSchemas(before, after).map((change) => ({
    change,
    traces: change.isBreaking ? traces(change) : undefined,
  }));
}

/** What a contract would be, or why it could not. */
export type ComparedContract =
  | { readonly supergraphSdl: string; readonly changes: readonly TracedChange[] }
  | { readonly errors: readonly CompositionError[] };

/** Makes a contract of its source, and compares it with what it was. */
export function compareContract(
  sourceSdl: string,
  filter: ContractFilter,
  beforeSdl: string | undefined,
): ComparedContract {
  const filtered = filterSupergraph(sourceSdl, filter);
  return 'errors' in filtered
    ? filtered
    : { ...filtered, changes: compareSupergraphs(beforeSdl, filtered.supergraphSdl) };
}
