import {
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { FetchNode } from './plan.ts';
import { writeOutFragments } from './write-out-fragments.ts';

/** What a fetch asks for, with its fragments written out: the planner takes over those of the client where they fit. */
export function readOperation({ operation }: FetchNode): OperationDefinitionNode {
  const document = parse(operation, { noLocation: true });
  const [definition] = document.definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`no operation comes first: ${operation}`);
  return writeOutFragments(document, definition);
}

/** An operation without fragments as the text of a fetch, without the variables that it no longer uses. */
export function printOperation(operation: OperationDefinitionNode): Pick<FetchNode, 'operation' | 'variableUsages'> {
  const used = new Set<string>();
  visit(operation.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const kept: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
  };
  used.delete('representations');
  return { operation: stripIgnoredCharacters(print(kept)), variableUsages: [...used] };
}

/** Selections as a node. */
export function selectionSetOf(selections: SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
