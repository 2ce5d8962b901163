import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { rewritePath } from './rewrites.ts';

const known = new WeakMap<FetchNode, readonly string[]>();

/** The keys that a fetch brings to the objects it is for: what is missing when it fails as a whole. */
export function fetchedKeys(node: FetchNode): readonly string[] {
  const found = known.get(node) ?? readKeys(node);
  known.set(node, found);
  return found;
}

function readKeys({ operation, requires, outputRewrites }: FetchNode): string[] {
  const [definition] = parse(operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  const [root] = definition.selectionSet.selections;
  const below = requires !== undefined && root?.kind === Kind.FIELD ? root.selectionSet : definition.selectionSet;
  const keys = below === undefined ? [] : keysIn(below);
  return [...new Set(keys.flatMap((key) => rewritePath(outputRewrites, [key]).map(String)))].filter(
    (key) => key !== '__typename',
  );
}

function keysIn({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    return selection.kind === Kind.INLINE_FRAGMENT ? keysIn(selection.selectionSet) : [];
  });
}
