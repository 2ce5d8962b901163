import type { ListedChange } from '../storage/tables.ts';

/** How many things were added, removed and edited. */
export interface ChangeCounts {
  readonly additions: number;
  readonly removals: number;
  readonly edits: number;
}

/** What a list of changes comes to. */
export interface ChangeSummary {
  readonly type: ChangeCounts;
  /** The fields of types that stayed, input fields among them; an edit of an argument is one of its field. */
  readonly field: ChangeCounts;
}

const ADDED_FIELDS: ReadonlySet<string> = new Set([
  'FIELD_ADDED',
  'REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT',
  'OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT',
]);
const REMOVED_FIELDS: ReadonlySet<string> = new Set(['FIELD_REMOVED', 'FIELD_REMOVED_FROM_INPUT_OBJECT']);
const TYPE_EDIT = /^(?:TYPE_|VALUE_|ENUM_|SCALAR_|INPUT_OBJECT_)/;

/** Sums changes up; what was changed in several ways is one edit. */
export function summarizeChanges(changes: readonly ListedChange[]): ChangeSummary {
  const editedTypes = new Set<string>();
  const editedFields = new Set<string>();
  const of = (codes: ReadonlySet<string>) => changes.filter(({ code }) => codes.has(code)).length;
  for (const { code, coordinate } of changes) {
    if (code === 'TYPE_ADDED' || code === 'TYPE_REMOVED' || ADDED_FIELDS.has(code) || REMOVED_FIELDS.has(code))
      continue;
    if (code.startsWith('DIRECTIVE_') || coordinate.startsWith('@') || code.endsWith('_DIRECTIVE_ARG_ADDED')) continue;
    const [field = ''] = coordinate.split('(');
    if (TYPE_EDIT.test(code)) editedTypes.add(field.split('.')[0] ?? '');
    else if (field.includes('.')) editedFields.add(field);
  }
  return {
    type: {
      additions: of(new Set(['TYPE_ADDED'])),
      removals: of(new Set(['TYPE_REMOVED'])),
      edits: editedTypes.size,
    },
    field: { additions: of(ADDED_FIELDS), removals: of(REMOVED_FIELDS), edits: editedFields.size },
  };
}
