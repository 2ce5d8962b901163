import type { GraphQLSchema } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import { compileFetch, NO_ERRORS, type Step } from './compile-fetch.ts';
import { compilePath } from './entities.ts';
import type { Path, ResponseError } from './subgraph-error.ts';

/**
 * Compiles a plan into one function that fetches what it says into a tree of data: call texts printed, paths split,
 * representations and merging decided, once for all requests.
 *
 * @throws {GatewayError} `OPERATION_NOT_SUPPORTED` for what is not served
 */
export function compilePlan(plan: QueryPlan, schema: GraphQLSchema): Step {
  const { node } = plan;
  if (node === undefined) return async () => NO_ERRORS;
  if (node.kind === 'Subscription')
    throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
  return compileNode(node, [], { schema, isContextual: fetchesIn(node).some(isContextual) });
}

interface Context {
  readonly schema: GraphQLSchema;
  readonly isContextual: boolean;
}

function compileNode(node: PlanNode, path: Path, context: Context): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, { ...context, path });
    case 'Sequence':
      return inSequence(node.nodes.map((step) => compileNode(step, path, context)));
    case 'Parallel':
      return inParallel(node.nodes.map((step) => compileNode(step, path, context)));
    case 'Flatten': {
      const step = compileNode(node.node, [...path, ...node.path], context);
      const find = compilePath(node.path);
      return (run, objects) => step(run, find(objects));
    }
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      const whenTrue = ifClause && compileNode(ifClause, path, context);
      const whenFalse = elseClause && compileNode(elseClause, path, context);
      return async (run, objects) => {
        const step = run.coercedVariables[condition] === true ? whenTrue : whenFalse;
        return step === undefined ? NO_ERRORS : step(run, objects);
      };
    }
    case 'Defer':
      throw new GatewayError('OPERATION_NOT_SUPPORTED', '@defer is not supported by this gateway.');
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run, objects) => {
    let errors = NO_ERRORS;
    for (const step of steps) errors = join(errors, await step(run, objects));
    return errors;
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run, objects) => (await Promise.all(steps.map((step) => step(run, objects)))).reduce(join, NO_ERRORS);
}

function join(errors: readonly ResponseError[], more: readonly ResponseError[]): readonly ResponseError[] {
  if (more.length === 0) return errors;
  return errors.length === 0 ? more : errors.concat(more);
}

function fetchesIn(node: PlanNode): FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesIn);
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((branch) => (branch === undefined ? [] : fetchesIn(branch)));
    case 'Defer':
      return [];
  }
}

function isContextual({ contextRewrites = [] }: FetchNode): boolean {
  return contextRewrites.length > 0;
}
