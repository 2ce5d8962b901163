import type { FetchNode } from '../planning/plan.ts';
import { toMs } from '../service/to-ms.ts';
import type { Told } from './cache/cache.ts';
import type { AccessDecision } from './execution/access-decision.ts';
import type { Json } from './execution/own.ts';
import { toCall, toPlanTree } from './plan-tree.ts';
import type { RequestRecord } from './request-record.ts';

/** What is known of a request when it is explained. */
export interface Explainable {
  readonly record: RequestRecord;
  /** The graph. */
  readonly supergraph: string;
  readonly decision: AccessDecision | undefined;
  /** How the answer came, where there is a cache. */
  readonly cached: Told | undefined;
  /** `extensions.cost`, where costs are weighed. */
  readonly cost: Json | undefined;
  /** Headers that say what of rate limits is left. */
  readonly limits: Readonly<Record<string, string>> | undefined;
}

/**
 * `extensions.explain`: why an answer is as it is, and took as long. Made of the request's own record: of what was fetched for another
 * request, and of what others may see, nothing stands here.
 */
export function explainRequest({ record, supergraph, decision, cached, cost, limits }: Explainable): Json {
  const { head, begun, operation, plan, fetches } = record;
  const tell = (node: FetchNode) => {
    const made = fetches.filter((fetch) => fetch.node === node);
    const decisions = cached?.fetches.filter((fetch) => fetch.node === node) ?? [];
    return {
      operation: node.operation,
      ...(made.length > 0 && { calls: made.map((fetch) => toCall(fetch, begun)) }),
      ...(decisions.length > 0 && { cache: decisions.map(({ told }) => told) }),
    };
  };
  return {
    requestId: head.id,
    operation: operation && { name: operation.name, hash: operation.hash },
    supergraph,
    stepsMs: stepsOf(record),
    plan: plan && toPlanTree(plan, tell),
    cache: cached?.response,
    refused: [...(decision?.refused ?? [])].map(([{ name, alias }, message]) => ({
      field: (alias ?? name).value,
      message,
    })),
    cost,
    limits,
  };
}

/** How long each took. */
function stepsOf(record: RequestRecord): Record<string, number> {
  const found: Record<string, number> = {};
  let last = record.begun;
  for (const { step, ended } of record.steps()) {
    found[step] = toMs(ended - last);
    last = ended;
  }
  return found;
}
