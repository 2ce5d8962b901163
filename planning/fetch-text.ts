import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { FetchNode } from './plan.ts';

/** An operation without the variables that it no longer uses. */
export function printOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Pick<FetchNode, 'operation' | 'variableUsages'> {
  const fragments = document.definitions.filter((node) => node !== document.definitions[0]);
  const used = new Set<string>();
  for (const node of [operation.selectionSet, ...fragments]) {
    visit(node, { Variable: ({ name }) => void used.add(name.value) });
  }
  const kept: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
  };
  used.delete('representations');
  return {
    operation: stripIgnoredCharacters(print({ ...document, definitions: [kept, ...fragments] })),
    variableUsages: [...used],
  };
}

/** Selections as a node. */
export function selectionSetOf(selections: SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
