import { type DirectiveNode, type DocumentNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

/** The values of the variables that decide `@skip` and `@include`. */
export type Conditions = ReadonlyMap<string, boolean>;

/** The variables that `@skip` and `@include` look at, anywhere in a document. Sorted. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = isCondition(directive) ? directive.arguments?.[0]?.value : undefined;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/**
 * Takes out of a document what these conditions leave out, and the conditions with it. Planning what is left, for each
 * combination of values that comes, fetches nothing for fields that nobody sees, and keeps what one field requires apart
 * from whether another is shown: with conditions left in, the planner fetches a required field only where the client's field of
 * that name is included, and the one that requires it silently becomes null.
 *
 * What loses all its selections asks for `__typename`, so that it is still known whether it is there.
 */
export function applyConditions(document: DocumentNode, conditions: Conditions): DocumentNode {
  return visit(document, {
    SelectionSet: (selectionSet: SelectionSetNode) => {
      const kept = selectionSet.selections.filter((selection) => isIncluded(selection, conditions));
      const selections = kept.length > 0 ? kept.map(withoutConditions) : [TYPENAME];
      return { ...selectionSet, selections };
    },
  });
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isIncluded({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  return directives.filter(isCondition).every(({ name, arguments: given = [] }) => {
    const value = given[0]?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (name.value === 'include');
  });
}

function withoutConditions(selection: SelectionNode): SelectionNode {
  const { directives = [] } = selection;
  return directives.some(isCondition)
    ? { ...selection, directives: directives.filter((directive) => !isCondition(directive)) }
    : selection;
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
