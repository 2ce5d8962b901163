import { RegistryError } from '../errors.ts';
import { BREAKING_CODES } from '../schema/change.ts';
import type { OverrideRow } from '../storage/overrides.ts';
import { OPERATION_INVALID } from './judge-replay.ts';

/** The codes of what can fail a check, and so be let through. */
export const OVERRIDABLE_CODES: readonly string[] = [...BREAKING_CODES, OPERATION_INVALID];

/**
 * Looks at an override before it is kept: one with a code that no check fails for would let nothing through, and say nothing of it.
 *
 * @throws {RegistryError} BAD_REQUEST
 */
export function checkOverride({ code, coordinate, reason }: Pick<OverrideRow, 'code' | 'coordinate' | 'reason'>): void {
  if (!OVERRIDABLE_CODES.includes(code))
    throw invalid(`No check fails for "${code.slice(0, 100)}". It can for ${OVERRIDABLE_CODES.join(', ')}.`);
  if (coordinate.trim() === '')
    throw invalid('An override needs the coordinate of the change, as the check shows it: "User.name".');
  if (reason.trim() === '') throw invalid('An override needs a reason: whoever comes later wants to know it.');
}

/** How many a variant can have: a check looks for each of its changes among them. */
export const MOST_OVERRIDES = 1_000;

/**
 * Whether a variant has room for an override; one with its code and coordinate makes room itself.
 *
 * @throws {RegistryError} BAD_REQUEST
 */
export function checkRoom(
  overrides: readonly Pick<OverrideRow, 'code' | 'coordinate'>[],
  { code, coordinate }: Pick<OverrideRow, 'code' | 'coordinate'>,
): void {
  if (overrides.length < MOST_OVERRIDES) return;
  if (overrides.some((each) => each.code === code && each.coordinate === coordinate)) return;
  throw invalid(
    `The variant has ${overrides.length} overrides, and the registry takes ${MOST_OVERRIDES} at most. Remove those whose change has been published with removeOverride.`,
  );
}

const invalid = (message: string) => new RegistryError('BAD_REQUEST', message);
