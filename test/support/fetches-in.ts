import type { FetchNode, QueryPlan } from '../../planning/plan.ts';

type Node = NonNullable<QueryPlan['node']>;

/** The fetches of a plan for a query, in its order. */
export function fetchesIn({ node }: QueryPlan): FetchNode[] {
  return node === undefined ? [] : fetchesBelow(node);
}

function fetchesBelow(node: Node): FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesBelow(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesBelow);
    default:
      throw new TypeError(`a plan for a query has no ${node.kind} node here`);
  }
}
