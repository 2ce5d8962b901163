import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { Path } from './subgraph-error.ts';

export interface ClientDocument {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The key that a field has in the data. */
  readonly keyOf: (field: FieldNode) => string;
}

/**
 * A path in the data as a path in the client's answer: with the client's keys, and cut where it leaves what the client asked
 * for. (A fetch also asks for keys and for what `@requires` needs; an error there belongs to the object they were for.)
 */
export function toClientPath(path: Path, selectionSet: SelectionSetNode, document: ClientDocument): Path {
  const clientPath: (string | number)[] = [];
  let level: readonly SelectionSetNode[] = [selectionSet];
  for (const step of path) {
    if (typeof step === 'number') {
      clientPath.push(step);
      continue;
    }
    const found = level.flatMap((set) => fieldsWithKey(step, set, document, new Set()));
    const [field] = found;
    if (field === undefined) break;
    clientPath.push((field.alias ?? field.name).value);
    level = found.flatMap((same) => same.selectionSet ?? []);
  }
  return clientPath;
}

function fieldsWithKey(
  key: string,
  { selections }: SelectionSetNode,
  document: ClientDocument,
  visited: Set<string>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return document.keyOf(selection) === key ? [selection] : [];
    if (selection.kind === 'InlineFragment') return fieldsWithKey(key, selection.selectionSet, document, visited);
    const fragment = document.fragments.get(selection.name.value);
    if (fragment === undefined || visited.has(selection.name.value)) return [];
    visited.add(selection.name.value);
    return fieldsWithKey(key, fragment.selectionSet, document, visited);
  });
}
