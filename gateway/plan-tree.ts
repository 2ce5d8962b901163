import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '../planning/plan.ts';
import { toMs } from '../service/to-ms.ts';
import type { FetchRecord } from './request-record.ts';

/** A plan as a tree that can be written as JSON. */
export type PlanTree =
  | { readonly kind: 'sequence' | 'parallel'; readonly nodes: readonly PlanTree[] }
  | { readonly kind: 'condition'; readonly if: string; readonly then?: PlanTree; readonly else?: PlanTree }
  | ({ readonly kind: 'fetch'; readonly subgraph: string; readonly path?: string } & object);

/** @param tell what else is to be told of a fetch. @returns `undefined` for a plan that fetches nothing */
export function toPlanTree({ node }: QueryPlan, tell: (fetch: FetchNode) => object): PlanTree | undefined {
  return node && toTree(node, tell, undefined);
}

function toTree(
  node: PlanNode | SubscriptionNode,
  tell: (fetch: FetchNode) => object,
  path: string | undefined,
): PlanTree | undefined {
  const inside = (inner: PlanNode | SubscriptionNode | undefined) => inner && toTree(inner, tell, path);
  const all = (nodes: readonly PlanNode[]) => nodes.flatMap((each) => inside(each) ?? []);
  switch (node.kind) {
    case 'Fetch':
      return { kind: 'fetch', subgraph: node.serviceName, ...(path !== undefined && { path }), ...tell(node) };
    case 'Flatten':
      return toTree(node.node, tell, node.path.join('.'));
    case 'Sequence':
      return { kind: 'sequence', nodes: all(node.nodes) };
    case 'Parallel':
      return { kind: 'parallel', nodes: all(node.nodes) };
    case 'Condition': {
      const [then, otherwise] = [inside(node.ifClause), inside(node.elseClause)];
      return { kind: 'condition', if: node.condition, ...(then && { then }), ...(otherwise && { else: otherwise }) };
    }
    case 'Defer':
      return inside(node.primary.node);
    case 'Subscription':
      return inside(node.primary);
  }
}

/** What became of a fetch, beside its place in the plan. @param start of the request */
export function toCall({ begun, ended, bytes, code, tries }: FetchRecord, start: number): object {
  return {
    ...{ afterMs: toMs(begun - start), durationMs: toMs(ended - begun), bytes, code },
    // None: another request in flight had asked the same.
    tries: tries.map(({ url, begun: from, ended: until, outcome }) => ({
      ...{ address: url, durationMs: toMs(until - from), outcome },
    })),
  };
}
