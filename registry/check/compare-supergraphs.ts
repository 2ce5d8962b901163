import type { GraphQLSchema } from 'graphql';
import { toApiSchema } from '../../composition/api-schema.ts';
import type { CompositionError } from '../../composition/compose.ts';
import { filterSupergraph } from '../../composition/contract.ts';
import { diffApiSchemas } from '../schema/changes.ts';
import { createTraces, type Traces } from '../schema/traces.ts';
import type { ContractFilter, ListedChange } from '../storage/tables.ts';
import { coordinatesIn } from './hit.ts';

/** A change, and whom it can hit; nobody where it breaks nothing. */
export interface TracedChange {
  readonly change: ListedChange;
  readonly traces: Traces | undefined;
}

/** What differs in what clients see. */
export interface Comparison {
  readonly changes: readonly TracedChange[];
  /** All coordinates by which somebody can be seen to be hit. */
  readonly coordinates: readonly string[];
}

/** All that differs in what clients see of two supergraphs. */
export function compareSupergraphs(beforeSdl: string | undefined, afterSdl: string): Comparison {
  return beforeSdl === undefined || beforeSdl === afterSdl
    ? { changes: [], coordinates: [] }
    : traceChanges(toApiSchema(beforeSdl), toApiSchema(afterSdl));
}

function traceChanges(before: GraphQLSchema, after: GraphQLSchema): Comparison {
  const tracesOf = createTraces(before, after);
  const changes = diffApiSchemas(before, after).map((change) => ({
    change,
    traces: change.isBreaking ? tracesOf(change) : undefined,
  }));
  return { changes, coordinates: coordinatesIn(changes.flatMap(({ traces }) => traces ?? [])) };
}

/** What a contract would be, or why it could not. */
export type ComparedContract = Comparison | { readonly errors: readonly CompositionError[] };

/** Makes a contract of its source, and compares it with what it was. */
export function compareContract(
  sourceSdl: string,
  filter: ContractFilter,
  beforeSdl: string | undefined,
): ComparedContract {
  const filtered = filterSupergraph(sourceSdl, filter);
  return 'errors' in filtered ? filtered : compareSupergraphs(beforeSdl, filtered.supergraphSdl);
}
