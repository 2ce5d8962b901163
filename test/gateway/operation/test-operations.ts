import { gatewayConfig } from '../../../gateway/config.ts';
import { createAuthorizer } from '../../../gateway/guard/authorize.ts';
import { ENFORCED_DIRECTIVES } from '../../../gateway/guard/enforced-directives.ts';
import { noPolicies } from '../../../gateway/guard/policies.ts';
import { createOperationMemos } from '../../../gateway/operation/operation-memo.ts';
import { createDecideLabels } from '../../../gateway/operation/override-labels.ts';
import { createPlan, type KnownPlan, type PlanRequest } from '../../../gateway/operation/plan.ts';
import { createPrepare, type Prepared, selectOperation } from '../../../gateway/operation/prepare.ts';
import { createWarmUp } from '../../../gateway/operation/warm-up.ts';
import { buildSupergraph, type Supergraph } from '../../../gateway/supergraph/supergraph.ts';
import { createPlanners } from '../../../planning/planners.ts';
import { createLog, type Log } from '../../../service/logs.ts';
import { PLANNING } from '../../support/planning-options.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

export interface TestOperations {
  readonly memoOf: ReturnType<typeof createOperationMemos>;
  readonly prepare: ReturnType<typeof createPrepare>;
  readonly plan: ReturnType<typeof createPlan>;
  readonly warmUp: ReturnType<typeof createWarmUp>;
  /** A supergraph of one subgraph. */
  build(sdl: string): Promise<Supergraph>;
  /** From text to plan, as the pipeline does it. */
  ready(supergraph: Supergraph, text: string, options?: ReadyOptions): Promise<KnownPlan>;
  /** Whether a plan is there without waiting. */
  isReady(supergraph: Supergraph, text: string, options?: ReadyOptions): boolean;
  close(): Promise<void>;
}

export type ReadyOptions = Partial<Pick<PlanRequest, 'coercedVariables' | 'labels' | 'decision' | 'client'>>;

export interface TestOperationsOptions {
  readonly memoBytes?: number;
  readonly warmUp?: number;
  readonly warmUpTimeoutMs?: number;
  readonly knownTexts?: readonly string[];
  readonly labels?: Readonly<Record<string, boolean | number>>;
  readonly log?: Log;
}

/** The rooms of preparing and planning wired as the gateway does, on real planner threads. */
export function startTestOperations({
  memoBytes = 10_000_000,
  warmUp: count = 100,
  warmUpTimeoutMs = 60_000,
  knownTexts = [],
  labels = {},
  log = createLog('test', 'silent'),
}: TestOperationsOptions = {}): TestOperations {
  const planners = createPlanners(PLANNING);
  const memoOf = createOperationMemos(memoBytes);
  const prepare = createPrepare({ limits: gatewayConfig.parse({}).limits, memoOf });
  const plan = createPlan({ memoOf });
  const { decideAgain } = createAuthorizer({ unauthorized: 'null', introspection: 'all', findPolicies: noPolicies });
  const warmUp = createWarmUp({
    ...{ memoOf, prepare, plan, decideAgain, count, timeoutMs: warmUpTimeoutMs, log },
    decideLabels: createDecideLabels({ labels }),
    knownTexts: () => knownTexts,
  });

  const request = (supergraph: Supergraph, prepared: Prepared, options: ReadyOptions) => ({
    supergraph,
    prepared,
    operation: selectOperation(prepared, undefined),
    coercedVariables: {},
    client: 'one',
    ...options,
  });
  return {
    memoOf,
    prepare,
    plan,
    warmUp,
    build: (sdl) =>
      buildSupergraph(composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl }]), {
        origin: 'test',
        createPlanner: planners.create,
        enforced: ENFORCED_DIRECTIVES,
      }),
    ready: async (supergraph, text, options = {}) => {
      const prepared = await prepare({ supergraph, text, client: options.client ?? 'one' });
      return plan(request(supergraph, prepared, options));
    },
    isReady: (supergraph, text, options = {}) => {
      const prepared = memoOf(supergraph).texts.get(text);
      if (prepared === undefined) return false;
      const planned = plan(request(supergraph, prepared, options));
      return !(planned instanceof Promise);
    },
    close: planners.close,
  };
}
