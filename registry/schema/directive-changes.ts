import type { GraphQLDirective } from 'graphql';
import { type Change, describeChange, toChange } from './change.ts';
import { DIRECTIVE_ARGUMENTS, inputChanges } from './input-changes.ts';

/** What differs in a directive that is in both schemas. */
export function directiveChanges(before: GraphQLDirective, after: GraphQLDirective): Change[] {
  const coordinate = `@${after.name}`;
  const subject = `directive \`@${after.name}\``;
  const isLost = before.isRepeatable;
  const [former, own] = [new Set(before.locations), new Set(after.locations)];
  return [
    ...(isLost === after.isRepeatable
      ? []
      : [
          isLost
            ? toChange('DIRECTIVE_REPEATABLE_REMOVED', coordinate, `${subject} is no longer repeatable`, true)
            : toChange('DIRECTIVE_REPEATABLE_ADDED', coordinate, `${subject} is repeatable`),
        ]),
    ...[...former.difference(own)].map((location) =>
      toChange('DIRECTIVE_LOCATION_REMOVED', coordinate, `${subject}: location \`${location}\` removed`, true),
    ),
    ...[...own.difference(former)].map((location) =>
      toChange('DIRECTIVE_LOCATION_ADDED', coordinate, `${subject}: location \`${location}\` added`),
    ),
    ...inputChanges(
      DIRECTIVE_ARGUMENTS,
      `${subject}: argument`,
      (argument) => `${coordinate}(${argument}:)`,
      before.args,
      after.args,
    ),
    ...describeChange('DIRECTIVE_DESCRIPTION_CHANGE', coordinate, subject, before, after),
  ];
}
