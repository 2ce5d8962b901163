import type { GraphQLSchema } from 'graphql';
import type { QueryPlan } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import { type Branch, fetchesOf, toBranch } from './branch.ts';
import { compileFetch, type FetchOptions, NO_ERRORS, type Step } from './compile-fetch.ts';
import type { ResponseError } from './subgraph-error.ts';

/**
 * Compiles a plan into one function that fetches what it says into a tree of data: call texts printed, paths split,
 * representations and merging decided, once for all requests.
 *
 * @throws {GatewayError} `OPERATION_NOT_SUPPORTED` for what is not served
 */
export function compilePlan({ node }: QueryPlan, schema: GraphQLSchema): Step {
  if (node === undefined) return async () => NO_ERRORS;
  if (node.kind === 'Subscription')
    throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
  const branch = toBranch(node);
  const isContextual = fetchesOf(branch).some((fetch) => (fetch.node.contextRewrites ?? []).length > 0);
  return compileBranch(branch, { schema, isContextual, finders: new Map() });
}

function compileBranch(branch: Branch, context: FetchOptions): Step {
  switch (branch.kind) {
    case 'fetch':
      return compileFetch(branch, context);
    case 'sequence':
      return inSequence(branch.steps.map((step) => compileBranch(step, context)));
    case 'parallel':
      return inParallel(branch.steps.map((step) => compileBranch(step, context)));
    case 'condition': {
      const { condition } = branch;
      const whenTrue = branch.whenTrue && compileBranch(branch.whenTrue, context);
      const whenFalse = branch.whenFalse && compileBranch(branch.whenFalse, context);
      return async (run) => (run.coercedVariables[condition] === true ? whenTrue : whenFalse)?.(run) ?? NO_ERRORS;
    }
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    let errors = NO_ERRORS;
    for (const step of steps) errors = join(errors, await step(run));
    return errors;
  };
}

function inParallel(steps: readonly Step[]): Step {
  if (steps.length === 1 && steps[0] !== undefined) return steps[0];
  return async (run) => (await Promise.all(steps.map((step) => step(run)))).reduce(join, NO_ERRORS);
}

function join(errors: readonly ResponseError[], more: readonly ResponseError[]): readonly ResponseError[] {
  if (more.length === 0) return errors;
  return errors.length === 0 ? more : errors.concat(more);
}
