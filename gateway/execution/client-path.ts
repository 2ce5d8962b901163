import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { Path } from './subgraph-error.ts';

/**
 * Cuts a path where it leaves what the client asked for: a fetch also asks for keys and for what `@requires` needs, and an
 * error there belongs to the object they were fetched for.
 */
export function toClientPath(
  path: Path,
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Path {
  let level: readonly SelectionSetNode[] = [selectionSet];
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') continue;
    const found = level.flatMap((set) => fieldsNamed(step, set, fragments, new Set()));
    if (found.length === 0) return path.slice(0, index);
    level = found.flatMap((set) => set ?? []);
  }
  return path;
}

function fieldsNamed(
  key: string,
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  visited: Set<string>,
): (SelectionSetNode | undefined)[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field')
      return (selection.alias ?? selection.name).value === key ? [selection.selectionSet] : [];
    if (selection.kind === 'InlineFragment') return fieldsNamed(key, selection.selectionSet, fragments, visited);
    const fragment = fragments.get(selection.name.value);
    if (fragment === undefined || visited.has(selection.name.value)) return [];
    visited.add(selection.name.value);
    return fieldsNamed(key, fragment.selectionSet, fragments, visited);
  });
}
