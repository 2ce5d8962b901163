import type { ListedChange } from '../storage/tables.ts';

/**
 * What can differ between two API schemas. The names are those of the vendor's checks where it has one, because people have scripts
 * and habits; the others follow them. What breaks is said where a change is found: some codes do only sometimes.
 */
export type ChangeCode =
  | `TYPE_${'ADDED' | 'REMOVED' | 'CHANGED_KIND' | 'DESCRIPTION_CHANGE'}`
  | `TYPE_${'ADDED_TO' | 'REMOVED_FROM'}_${'UNION' | 'INTERFACE'}`
  | `FIELD_${'ADDED' | 'REMOVED' | 'CHANGED_TYPE' | 'DESCRIPTION_CHANGE'}`
  | `FIELD_${Deprecation}`
  | `${'REQUIRED' | 'OPTIONAL'}_FIELD_ADDED_TO_INPUT_OBJECT`
  | 'FIELD_REMOVED_FROM_INPUT_OBJECT'
  | `FIELD_ON_INPUT_OBJECT_${'CHANGED_TYPE' | 'DEFAULT_VALUE_CHANGE'}`
  | 'INPUT_OBJECT_ONE_OF_CHANGE'
  | `${'REQUIRED' | 'OPTIONAL'}_ARG_ADDED`
  | `ARG_${'REMOVED' | 'CHANGED_TYPE' | 'CHANGED_TYPE_OPTIONAL_TO_REQUIRED' | 'DEFAULT_VALUE_CHANGE' | 'DESCRIPTION_CHANGE'}`
  | `ARG_${Deprecation}`
  | `VALUE_${'ADDED_TO' | 'REMOVED_FROM'}_ENUM`
  | 'ENUM_VALUE_DESCRIPTION_CHANGE'
  | `ENUM_${Deprecation}`
  | 'SCALAR_SPECIFIED_BY_CHANGE'
  | `DIRECTIVE_${'ADDED' | 'REMOVED' | 'DESCRIPTION_CHANGE'}`
  | `DIRECTIVE_${'REPEATABLE' | 'LOCATION'}_${'ADDED' | 'REMOVED'}`
  | `${'REQUIRED' | 'OPTIONAL'}_DIRECTIVE_ARG_ADDED`
  | `DIRECTIVE_ARG_${'REMOVED' | 'CHANGED_TYPE' | 'DEFAULT_VALUE_CHANGE' | 'DESCRIPTION_CHANGE'}`
  | `DIRECTIVE_ARG_${Deprecation}`
  | 'OPERATION_TYPE_CHANGED'
  | 'SCHEMA_DESCRIPTION_CHANGE';

/** Those that can break somebody, and so fail a check. */
export const BREAKING_CODES = [
  'TYPE_REMOVED',
  'TYPE_CHANGED_KIND',
  'TYPE_REMOVED_FROM_UNION',
  'TYPE_REMOVED_FROM_INTERFACE',
  'FIELD_REMOVED',
  'FIELD_CHANGED_TYPE',
  'REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT',
  'FIELD_REMOVED_FROM_INPUT_OBJECT',
  'FIELD_ON_INPUT_OBJECT_CHANGED_TYPE',
  'INPUT_OBJECT_ONE_OF_CHANGE',
  'REQUIRED_ARG_ADDED',
  'ARG_REMOVED',
  'ARG_CHANGED_TYPE',
  'ARG_CHANGED_TYPE_OPTIONAL_TO_REQUIRED',
  'VALUE_REMOVED_FROM_ENUM',
  'DIRECTIVE_REMOVED',
  'DIRECTIVE_REPEATABLE_REMOVED',
  'DIRECTIVE_LOCATION_REMOVED',
  'REQUIRED_DIRECTIVE_ARG_ADDED',
  'DIRECTIVE_ARG_REMOVED',
  'DIRECTIVE_ARG_CHANGED_TYPE',
  'OPERATION_TYPE_CHANGED',
] as const satisfies readonly ChangeCode[];
export type BreakingCode = (typeof BREAKING_CODES)[number];

type Deprecation = 'DEPRECATED' | 'DEPRECATION_REMOVED' | 'DEPRECATED_REASON_CHANGE';

/** A difference, as `diffApiSchemas` words it. */
export interface Change extends ListedChange {
  readonly code: ChangeCode;
}

/** Whether it can break somebody is left out where it cannot. */
export function toChange(code: BreakingCode, coordinate: string, description: string, isBreaking: boolean): Change;
export function toChange(code: ChangeCode, coordinate: string, description: string): Change;
export function toChange(code: ChangeCode, coordinate: string, description: string, isBreaking = false): Change {
  return { code, coordinate, description, isBreaking };
}

interface Described {
  readonly description?: string | null | undefined;
}

/** @param subject how its description begins: "type `User`: field `name`" */
export function describeChange(
  code: ChangeCode,
  coordinate: string,
  subject: string,
  before: Described,
  after: Described,
): Change[] {
  return (before.description ?? null) === (after.description ?? null)
    ? []
    : [toChange(code, coordinate, `${subject} has another description`)];
}

interface Deprecated {
  readonly deprecationReason?: string | null | undefined;
}

/** What became of the `@deprecated` of an element. */
export function deprecationChange(
  family: 'FIELD' | 'ARG' | 'ENUM' | 'DIRECTIVE_ARG',
  coordinate: string,
  subject: string,
  { deprecationReason: former }: Deprecated,
  { deprecationReason: reason }: Deprecated,
): Change[] {
  if ((former ?? null) === (reason ?? null)) return [];
  if (former == null) return [toChange(`${family}_DEPRECATED`, coordinate, `${subject} deprecated: ${reason}`)];
  if (reason == null) {
    return [toChange(`${family}_DEPRECATION_REMOVED`, coordinate, `${subject} is no longer deprecated`)];
  }
  return [
    toChange(
      `${family}_DEPRECATED_REASON_CHANGE`,
      coordinate,
      `${subject} is deprecated for another reason: ${reason}`,
    ),
  ];
}
