import { createHash } from 'node:crypto';
import type { PlanNode, QueryPlan } from './plan.ts';

/**
 * Names the operations of a plan's fetches by what they say. The planner numbers them (`Me__orders__1`), so that equal
 * fetches look different: to whoever merges or caches them, and to subgraphs that remember what they parsed. The client's
 * operation name and the subgraph stay in the name, for the logs of the subgraph.
 */
export function nameFetches(plan: QueryPlan): QueryPlan {
  const { node } = plan;
  return node === undefined || node.kind === 'Subscription' ? plan : { ...plan, node: nameIn(node) };
}

function nameIn(node: PlanNode): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(nameIn) };
    case 'Flatten':
      return { ...node, node: nameIn(node.node) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause === undefined ? {} : { ifClause: nameIn(node.ifClause) }),
        ...(node.elseClause === undefined ? {} : { elseClause: nameIn(node.elseClause) }),
      };
    case 'Defer':
      return node;
    case 'Fetch': {
      const { operationName, operation } = node;
      if (operationName === undefined) return node;
      const rest = operation.replace(`${node.operationKind} ${operationName}`, node.operationKind);
      const digest = createHash('sha256').update(rest).digest('hex').slice(0, 12);
      const name = `${operationName.replace(/__\d+$/, '')}__${digest}`;
      return { ...node, operationName: name, operation: operation.replace(operationName, name) };
    }
  }
}
