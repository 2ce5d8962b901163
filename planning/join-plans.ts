import type { VariableDefinitionNode } from 'graphql';
import { printOperation, readOperation, selectionSetOf } from './fetch-text.ts';
import type { FetchNode, PlanNode, QueryPlan } from './plan.ts';
import { fetchesIn } from './plan-check.ts';

/** One plan after the other, because both write what they have in common. */
export function inSequence(one: QueryPlan, other: QueryPlan): QueryPlan {
  const nodes = [one, other].flatMap(({ node }) => (node === undefined || node.kind === 'Subscription' ? [] : [node]));
  return { ...one, node: { kind: 'Sequence', nodes } };
}

/**
 * Joins two plans for parts of a query, or of one field of a mutation. A mutation must not be called twice: there is one call
 * for what both ask of it, then comes what follows in one and in the other.
 *
 * @returns `undefined` where they call different subgraphs, or in ways that cannot be one
 */
export function joinParts(one: QueryPlan, other: QueryPlan): QueryPlan | undefined {
  if (!isCalling(one) && !isCalling(other)) return inSequence(one, other);
  const [first, second] = [readCall(one), readCall(other)];
  if (first === undefined || first.call.serviceName !== second?.call.serviceName) return undefined;
  const nodes = [joinCalls(first.call, second.call), ...first.rest, ...second.rest];
  return { ...one, node: { kind: 'Sequence', nodes } };
}

function isCalling({ node }: QueryPlan): boolean {
  if (node === undefined || node.kind === 'Subscription') return false;
  return fetchesIn(node).some(({ operationKind }) => operationKind === 'mutation');
}

/** The call that a plan begins with, if it makes no other. One that renames what comes back may take a name of the other's. */
function readCall({ node }: QueryPlan): { readonly call: FetchNode; readonly rest: readonly PlanNode[] } | undefined {
  if (node === undefined || node.kind === 'Subscription') return undefined;
  const [call, ...rest] = node.kind === 'Sequence' ? node.nodes : [node];
  const calls = rest.flatMap(fetchesIn).filter(({ operationKind }) => operationKind === 'mutation');
  if (call?.kind !== 'Fetch' || call.requires !== undefined || calls.length > 0) return undefined;
  return call.outputRewrites === undefined ? { call, rest } : undefined;
}

function joinCalls(one: FetchNode, other: FetchNode): FetchNode {
  const [first, second] = [readOperation(one), readOperation(other)];
  const variables = new Map<string, VariableDefinitionNode>(
    [...(first.variableDefinitions ?? []), ...(second.variableDefinitions ?? [])].map((each) => [
      each.variable.name.value,
      each,
    ]),
  );
  return {
    ...one,
    ...printOperation({
      ...first,
      variableDefinitions: [...variables.values()],
      selectionSet: selectionSetOf([...first.selectionSet.selections, ...second.selectionSet.selections]),
    }),
  };
}
