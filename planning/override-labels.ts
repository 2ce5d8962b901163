import { type DirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

/** The labels of progressive `@override` in a supergraph, each with the names of the fields that move when it is on. */
export type OverrideLabels = ReadonlyMap<string, ReadonlySet<string>>;

/** Collects the labels from the `@join__field(overrideLabel:)` of a supergraph, in alphabetical order. */
export function collectOverrideLabels({ definitions }: DocumentNode): OverrideLabels {
  const labels = new Map<string, Set<string>>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const { name, directives = [] } of definition.fields ?? []) {
      for (const label of directives.flatMap(labelsOf)) {
        const fields = labels.get(label) ?? new Set();
        labels.set(label, fields.add(name.value));
      }
    }
  }
  return new Map([...labels].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The labels on which the plan of an operation can depend: those of a field that the document mentions, or that the
 * planner may add to it. By the names of fields alone, whatever their types: that is more than there are at times, and never
 * less. An operation that meets no label has one plan for all.
 *
 * @param addable the names that the planner may add: `RequiredNames.all`
 */
export function relevantLabels(
  labels: OverrideLabels,
  document: DocumentNode,
  addable: ReadonlySet<string>,
): readonly string[] {
  if (labels.size === 0) return [];
  const mentioned = new Set<string>();
  visit(document, { Field: ({ name }) => void mentioned.add(name.value) });
  return [...labels]
    .filter(([, fields]) => !fields.isDisjointFrom(mentioned) || !fields.isDisjointFrom(addable))
    .map(([label]) => label);
}

function labelsOf({ name, arguments: given = [] }: DirectiveNode): string[] {
  if (name.value !== 'join__field') return [];
  return given.flatMap(({ name: argument, value }) =>
    argument.value === 'overrideLabel' && value.kind === Kind.STRING ? [value.value] : [],
  );
}
