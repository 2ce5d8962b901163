import { createPlanners } from '../planning/planners.ts';
import type { Log } from '../service/logs.ts';
import type { ClosingStack } from '../service/run.ts';
import type { GatewayConfig } from './config.ts';
import type { Exposure } from './exposure-config.ts';
import { findAuthorizationWarnings } from './guard/authorization-warnings.ts';
import { type Authorize, createAuthorizer } from './guard/authorize.ts';
import { loadPolicies, noPolicies } from './guard/policies.ts';
import { createOperationMemos } from './operation/operation-memo.ts';
import { checkLabels, createDecideLabels, type DecideLabels } from './operation/override-labels.ts';
import { createPlan, type Plan } from './operation/plan.ts';
import { createPrepare, type Prepare } from './operation/prepare.ts';
import { createWarmUp } from './operation/warm-up.ts';
import { type Followed, followSupergraph } from './supergraph/follow.ts';
import type { Source } from './supergraph/source.ts';
import { createComposeSource } from './supergraph/source-compose.ts';
import { createFileSource } from './supergraph/source-file.ts';
import { createUplinkSource } from './supergraph/source-uplink.ts';
import { buildSupergraph, type Supergraph } from './supergraph/supergraph.ts';
import { startFaultLog } from './telemetry/fault-log.ts';
import { createUpstreams, type Upstreams } from './upstream/upstreams.ts';
import { createWriteCounter, type WriteCounter } from './upstream/write-counter.ts';

/** What answers operations over the current supergraph, whoever serves them: our own HTTP server, or a team's Apollo Server. */
export interface Engine {
  readonly followed: Followed;
  readonly upstreams: Upstreams;
  readonly prepare: Prepare;
  readonly authorize: Authorize;
  readonly decideLabels: DecideLabels;
  readonly plan: Plan;
  /** Plans ahead, on the current graph, the known texts that are not planned yet: for when others have become known. */
  readonly planKnown: () => void;
  readonly writes: WriteCounter;
}

/** The options that concern it. */
export type EngineConfig = Pick<
  GatewayConfig,
  'supergraph' | 'limits' | 'operations' | 'planning' | 'override' | 'authorization' | 'upstream' | 'upstreamDefaults'
> & { readonly sharing: Pick<GatewayConfig['sharing'], 'calls'> };

export interface EngineOptions {
  readonly config: EngineConfig;
  readonly source: Source;
  /** The security directives that whoever serves it enforces, by `authorize`. */
  readonly enforced: ReadonlySet<string>;
  /** Whether whoever serves it can know who asks. */
  readonly knowsCallers: boolean;
  readonly log: Log;
  /** What clients are told of the schema; by default all. */
  readonly exposure?: Pick<Exposure, 'introspection' | 'suggestions'>;
  /** The texts of operations that are planned ahead on every graph. */
  readonly knownTexts?: () => readonly string[];
  /** Told of a graph that takes the place of another. */
  readonly onReload?: (next: Supergraph) => void;
}

/**
 * Starts the engine on a stack, which closes it: also what is there of it when the start fails.
 *
 * @throws when there is no supergraph to serve, or the policy module cannot be loaded
 */
export async function startEngine(
  stack: ClosingStack,
  { config, source, enforced, knowsCallers, log, exposure, knownTexts = () => [], onReload }: EngineOptions,
): Promise<Engine> {
  const writes = createWriteCounter();
  stack.add('fault log', startFaultLog({ log }));
  const upstreams = stack.add(
    'upstreams',
    createUpstreams({
      overrides: config.upstream,
      defaults: config.upstreamDefaults,
      merging: config.sharing.calls ? { epoch: writes.sharingEpoch } : undefined,
      log,
    }),
  );
  const planners = stack.add('planner threads', createPlanners(config.planning));
  const memoOf = createOperationMemos(config.operations.memoBytes);
  const prepare = createPrepare({ limits: config.limits, ...exposure, memoOf });
  const plan = createPlan({ memoOf });
  const { policyModule, policyTimeoutMs } = config.authorization;
  const findPolicies =
    policyModule === undefined ? noPolicies : await loadPolicies(policyModule, { timeoutMs: policyTimeoutMs, log });
  const { authorize, decideAgain } = createAuthorizer({ ...config.authorization, findPolicies });
  const { warmUp: count, warmUpTimeoutMs: timeoutMs } = config.operations;
  const decideLabels = createDecideLabels(config.override);
  const warmUp = createWarmUp({ memoOf, prepare, plan, decideAgain, decideLabels, count, knownTexts, timeoutMs, log });
  const { close: closeSource } = source;
  if (closeSource !== undefined) stack.add('source of the supergraph', { close: closeSource });
  const followed: Followed = stack.add(
    'supergraph',
    await followSupergraph({
      source,
      build: (sdl) => buildSupergraph(sdl, { origin: source.description, createPlanner: planners.create, enforced }),
      prepare: async (next, previous, signal) => {
        upstreams.open(next, next.subgraphs, () => void next.planner.close());
        const { overrideLabels, accessRules } = next.planner;
        for (const warning of checkLabels(overrideLabels, config.override)) log.warn(warning);
        const means = { knowsCallers, hasPolicyModule: policyModule !== undefined };
        for (const warning of findAuthorizationWarnings(accessRules, means)) log.warn(warning);
        await warmUp(next, previous, signal);
      },
      retire: (previous) => {
        upstreams.retire(previous);
        onReload?.(followed.current());
      },
      pollIntervalMs: config.supergraph.pollIntervalMs,
      log,
    }),
  );
  const closing = new AbortController();
  stack.add('planning ahead', { close: async () => closing.abort() });
  const planKnown = () => void warmUp(followed.current(), undefined, closing.signal);
  return { followed, upstreams, prepare, authorize, decideLabels, plan, planKnown, writes };
}

/** @param environment for `${env.NAME}` in a supergraph.yaml */
export function createSource(
  { source, file, uplink }: GatewayConfig['supergraph'],
  environment: Readonly<Record<string, string | undefined>>,
  log: Log,
): Source {
  if (source === 'file') return createFileSource(file);
  if (source === 'compose') return createComposeSource(file, environment);
  // The configuration has seen to it that both are there.
  const { graphRef = '', key = '' } = uplink;
  return createUplinkSource({ ...uplink, graphRef, key, log });
}
