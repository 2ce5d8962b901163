import { type FragmentDefinitionNode, getLocation, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { AccessDecision } from '../execution/access-decision.ts';
import { isIncluded } from '../execution/collect-fields.ts';
import type { Json } from '../execution/own.ts';
import { GraphQLErrors } from '../operation/graphql-errors.ts';

export interface AskedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
}

type Refusal = ConstructorParameters<typeof GraphQLErrors>[1][number];

/** Refuses all of an operation that asks for something refused, this time. @throws {GraphQLErrors} `UNAUTHORIZED_FIELD_OR_TYPE` with each place */
export function refuseOperation(
  { operation, fragments, coercedVariables }: AskedOperation,
  { refused }: AccessDecision,
): void {
  const refusals: Refusal[] = [];
  const visited = new Set<string>();
  walk(operation.selectionSet, []);
  if (refusals.length > 0) throw new GraphQLErrors('UNAUTHORIZED_FIELD_OR_TYPE', refusals);

  function walk({ selections }: SelectionSetNode, path: readonly string[]): void {
    for (const selection of selections) {
      if (!isIncluded({ coercedVariables }, selection)) continue;
      if (selection.kind === 'Field') {
        const below = [...path, (selection.alias ?? selection.name).value];
        const { loc, selectionSet } = selection;
        const message = refused.get(selection);
        const locations = loc && [getLocation(loc.source, loc.start)];
        if (message !== undefined) refusals.push({ message, path: below, ...(locations && { locations }) });
        else if (selectionSet !== undefined) walk(selectionSet, below);
      } else if (selection.kind === 'InlineFragment') {
        walk(selection.selectionSet, path);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined || visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
        walk(fragment.selectionSet, path);
      }
    }
  }
}
