import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { rewritePath } from './rewrites.ts';

/** The keys that a fetch brings to the objects it is for, besides `__typename`. */
export function fetchedKeys({ operation, requires, outputRewrites }: FetchNode): readonly string[] {
  const document = parse(operation, { noLocation: true });
  const definition = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  const [root] = definition.selectionSet.selections;
  const below = requires !== undefined && root?.kind === Kind.FIELD ? root.selectionSet : definition.selectionSet;
  const keys = below === undefined ? [] : keysIn(below, document);
  return [...new Set(keys.flatMap((key) => rewritePath(outputRewrites, [key]).map(String)))].filter(
    (key) => key !== '__typename',
  );
}

function keysIn({ selections }: SelectionSetNode, document: DocumentNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return keysIn(selection.selectionSet, document);
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value
        ? keysIn(definition.selectionSet, document)
        : [],
    );
  });
}
