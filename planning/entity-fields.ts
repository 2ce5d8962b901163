import { type FieldNode, Kind, type SelectionNode } from 'graphql';
import { selectionSetOf } from './fetch-text.ts';

/** A field that a fetch asks of its entities. */
export interface EntityField {
  readonly field: FieldNode;
  /** The type of the innermost fragment around it. */
  readonly type: string | undefined;
  /** The field in its fragments, without the others in them. */
  readonly alone: SelectionNode;
}

/** The fields directly below `_entities`, whatever fragments they stand in; named fragments have been written out. */
export function entityFieldsOf({ selectionSet }: FieldNode): EntityField[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => fieldsIn(selection, undefined));
}

function fieldsIn(selection: SelectionNode, type: string | undefined): EntityField[] {
  if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
  if (selection.kind === Kind.FIELD) return [{ field: selection, type, alone: selection }];
  const condition = selection.typeCondition?.name.value ?? type;
  return selection.selectionSet.selections
    .flatMap((inner) => fieldsIn(inner, condition))
    .map((each) => ({ ...each, alone: { ...selection, selectionSet: selectionSetOf([each.alone]) } }));
}
