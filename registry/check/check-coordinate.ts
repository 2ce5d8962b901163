import type { CurrentSupergraphs } from '../current/current.ts';
import { RegistryError } from '../errors.ts';
import { isCoordinate } from '../schema/coordinate.ts';
import type { SchemaThreads } from '../schema/schema-threads.ts';
import { isInNewestChecks } from '../storage/checks.ts';
import type { OverrideRow } from '../storage/overrides.ts';
import type { Query } from '../storage/query.ts';
import type { VariantRow } from '../storage/variants.ts';
import { OPERATION_INVALID } from './judge-replay.ts';

/** Where it is looked whether there is such a coordinate. */
export interface CoordinateSources {
  readonly query: Query;
  readonly current: Pick<CurrentSupergraphs, 'get'>;
  readonly threads: Pick<SchemaThreads, 'hasCoordinate'>;
}

/** In how many checks of a variant: each result is read whole, and may be of a megabyte. */
const CHECKS = 100;

const OPERATION_HASH = /^[\da-f]{64}$/;

/**
 * Looks whether there is what an override is for: one with a mistake in its coordinate would let nothing through, and say nothing of it. What only a
 * proposal has, such as a new required argument, is named by the check of it; for a contract that is one of its source.
 *
 * @throws {RegistryError} BAD_REQUEST when it is nowhere; BUSY
 */
export async function checkCoordinate(
  { query, current, threads }: CoordinateSources,
  { graphId, name: variant, sourceVariant }: Pick<VariantRow, 'graphId' | 'name' | 'sourceVariant'>,
  { code, coordinate }: Pick<OverrideRow, 'code' | 'coordinate'>,
): Promise<void> {
  if (code === OPERATION_INVALID) {
    if (OPERATION_HASH.test(coordinate)) return;
    throw invalid(
      `"${coordinate.slice(0, 100)}" is no operation: ${code} is for its hash, the 64 digits in brackets that the check shows.`,
    );
  }
  if (isCoordinate(coordinate)) {
    const served = current.get(graphId, variant);
    if (served !== undefined && (await threads.hasCoordinate(served.sdl, coordinate))) return;
    const finding = [{ kind: 'operations', changes: [{ coordinate }] }];
    for (const checked of [variant, sourceVariant])
      if (checked !== null && (await isInNewestChecks(query, graphId, checked, finding, CHECKS))) return;
  }
  throw invalid(
    `"${coordinate.slice(0, 100)}" is neither in what ${graphId}@${variant} serves nor in one of its last ${CHECKS} checks. Take what a check shows in brackets behind the change: "User", "User.name", "Query.user(id:)" or "@tag". For what is not served yet, run the check first.`,
  );
}

const invalid = (message: string) => new RegistryError('BAD_REQUEST', message);
