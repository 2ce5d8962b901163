import type { PlanNode } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import { type Entity, entitiesAt } from './entities.ts';
import { type FetchContext, runFetch } from './fetch.ts';
import type { Json } from './own.ts';
import type { ResponseError } from './subgraph-error.ts';

export interface WalkContext extends FetchContext {
  /** Variables with their defaults applied: what the conditions of a plan look at. */
  readonly coercedVariables: Json;
}

/**
 * Walks a plan, filling `context.root`. A failed fetch costs its own fields; what depends on it finds nothing to fetch for.
 *
 * @returns all errors, in the order of the plan, whichever came back first
 */
export async function walk(
  context: WalkContext,
  node: PlanNode,
  entities: readonly Entity[],
): Promise<ResponseError[]> {
  switch (node.kind) {
    case 'Sequence': {
      let errors: ResponseError[] = [];
      for (const step of node.nodes) errors = errors.concat(await walk(context, step, entities));
      return errors;
    }
    case 'Parallel':
      return (await Promise.all(node.nodes.map((step) => walk(context, step, entities)))).flat();
    case 'Flatten':
      return walk(context, node.node, entitiesAt(entities, node.path));
    case 'Condition': {
      const branch = context.coercedVariables[node.condition] === true ? node.ifClause : node.elseClause;
      return branch === undefined ? [] : walk(context, branch, entities);
    }
    case 'Fetch':
      return runFetch(context, node, entities);
    case 'Defer':
      throw new GatewayError('OPERATION_NOT_SUPPORTED', '@defer is not supported by this gateway.');
  }
}
