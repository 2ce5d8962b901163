import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isNonNullType,
  print,
} from 'graphql';
import {
  type BreakingCode,
  type Change,
  type ChangeCode,
  deprecationChange,
  describeChange,
  toChange,
} from './change.ts';
import { matchByName } from './match-by-name.ts';
import { isSafeInput } from './type-safety.ts';

type InputValue = GraphQLArgument | GraphQLInputField;

/** The codes for what takes values: the three kinds differ in nothing else. */
interface Codes {
  readonly required: BreakingCode;
  readonly optional: ChangeCode;
  readonly removed: BreakingCode;
  readonly changedType: BreakingCode;
  readonly becameRequired: BreakingCode;
  readonly changedDefault: ChangeCode;
  readonly description: ChangeCode;
  readonly deprecation: 'FIELD' | 'ARG' | 'DIRECTIVE_ARG';
}

/** The arguments of a field. */
export const ARGUMENTS: Codes = {
  required: 'REQUIRED_ARG_ADDED',
  optional: 'OPTIONAL_ARG_ADDED',
  removed: 'ARG_REMOVED',
  changedType: 'ARG_CHANGED_TYPE',
  becameRequired: 'ARG_CHANGED_TYPE_OPTIONAL_TO_REQUIRED',
  changedDefault: 'ARG_DEFAULT_VALUE_CHANGE',
  description: 'ARG_DESCRIPTION_CHANGE',
  deprecation: 'ARG',
};

/** The arguments of a directive. */
export const DIRECTIVE_ARGUMENTS: Codes = {
  required: 'REQUIRED_DIRECTIVE_ARG_ADDED',
  optional: 'OPTIONAL_DIRECTIVE_ARG_ADDED',
  removed: 'DIRECTIVE_ARG_REMOVED',
  changedType: 'DIRECTIVE_ARG_CHANGED_TYPE',
  becameRequired: 'DIRECTIVE_ARG_CHANGED_TYPE',
  changedDefault: 'DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE',
  description: 'DIRECTIVE_ARG_DESCRIPTION_CHANGE',
  deprecation: 'DIRECTIVE_ARG',
};

/** The fields of an input object. */
export const INPUT_FIELDS: Codes = {
  required: 'REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT',
  optional: 'OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT',
  removed: 'FIELD_REMOVED_FROM_INPUT_OBJECT',
  changedType: 'FIELD_ON_INPUT_OBJECT_CHANGED_TYPE',
  becameRequired: 'FIELD_ON_INPUT_OBJECT_CHANGED_TYPE',
  changedDefault: 'FIELD_ON_INPUT_OBJECT_DEFAULT_VALUE_CHANGE',
  description: 'FIELD_DESCRIPTION_CHANGE',
  deprecation: 'FIELD',
};

/** Whether there has to be a value for it. */
export function isRequired({ type, defaultValue }: { type: GraphQLInputType; defaultValue?: unknown }): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

/**
 * What differs in what takes values.
 *
 * @param subject how a description begins, up to the name of the value: "type `Query`: field `users`: argument"
 */
export function inputChanges(
  codes: Codes,
  subject: string,
  coordinateOf: (name: string) => string,
  before: readonly InputValue[],
  after: readonly InputValue[],
): Change[] {
  const { added, removed, kept } = matchByName(before, after);
  const name = (value: InputValue) => `${subject} \`${value.name}\``;
  return [
    ...removed.map((value) => toChange(codes.removed, coordinateOf(value.name), `${name(value)} removed`, true)),
    ...added.map((value) =>
      isRequired(value)
        ? toChange(codes.required, coordinateOf(value.name), `required ${name(value)} added`, true)
        : toChange(codes.optional, coordinateOf(value.name), `${name(value)} added`),
    ),
    ...kept.flatMap((pair) => valueChanges(codes, name(pair.after), coordinateOf(pair.after.name), pair)),
  ];
}

function valueChanges(
  codes: Codes,
  subject: string,
  coordinate: string,
  { before, after }: { readonly before: InputValue; readonly after: InputValue },
): Change[] {
  const changes: Change[] = [];
  const becomesRequired = isRequired(after) && !isRequired(before);
  const [formerDefault, ownDefault] = [printDefault(before), printDefault(after)];
  if (String(before.type) !== String(after.type)) {
    // Where a null or nothing was fine before, it is so only as long as something stands for it.
    const isSafe = isSafeInput(before.type, after.type);
    const isOnlyRequired = becomesRequired && isNonNullType(after.type) && isSafeInput(before.type, after.type.ofType);
    changes.push(
      toChange(
        isOnlyRequired ? codes.becameRequired : codes.changedType,
        coordinate,
        `${subject} changed type from \`${before.type}\` to \`${after.type}\``,
        !isSafe || becomesRequired,
      ),
    );
  } else if (becomesRequired) {
    changes.push(toChange(codes.becameRequired, coordinate, `${subject} became required: it lost its default`, true));
  }
  if (formerDefault !== ownDefault) {
    const [from, to] = [formerDefault ?? 'none', ownDefault ?? 'none'].map((text) => `\`${text}\``);
    changes.push(toChange(codes.changedDefault, coordinate, `${subject} changed default from ${from} to ${to}`));
  }
  return [
    ...changes,
    ...deprecationChange(codes.deprecation, coordinate, subject, before, after),
    ...describeChange(codes.description, coordinate, subject, before, after),
  ];
}

function printDefault({ defaultValue, type }: InputValue): string | undefined {
  const node = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return node ? print(node) : undefined;
}
