import { createPlanners } from '../planning/planners.ts';
import { ConfigError } from '../service/config.ts';
import type { Log } from '../service/logs.ts';
import { ClosingStack, type Running } from '../service/run.ts';
import { createTokenVerifier } from '../service/tokens.ts';
import { createAdminServer } from './admin/server.ts';
import type { GatewayConfig } from './config.ts';
import { createShare, doNotShare, type Share } from './execution/share.ts';
import { createAuthenticate } from './guard/authenticate.ts';
import { ENFORCED_DIRECTIVES } from './guard/enforced-directives.ts';
import { createHttpServer } from './http/server.ts';
import { createOperationMemos } from './operation/operation-memo.ts';
import { checkLabels, createDecideLabels } from './operation/override-labels.ts';
import { createPlan } from './operation/plan.ts';
import { createPrepare } from './operation/prepare.ts';
import { createWarmUp } from './operation/warm-up.ts';
import { createPipeline } from './pipeline.ts';
import { type Followed, followSupergraph } from './supergraph/follow.ts';
import type { Source } from './supergraph/source.ts';
import { createComposeSource } from './supergraph/source-compose.ts';
import { createFileSource } from './supergraph/source-file.ts';
import { buildSupergraph } from './supergraph/supergraph.ts';
import { startFaultLog } from './telemetry/fault-log.ts';
import { createUpstreams } from './upstream/upstreams.ts';
import { createWriteCounter } from './upstream/write-counter.ts';

export interface Gateway extends Running {
  /** Where clients come, `http://host:port`; GraphQL is at `/graphql`. */
  readonly url: string;
  readonly adminUrl: string;
  readonly reload: Followed['reload'];
}

/**
 * Wires the rooms together and starts the gateway. Closing it stops taking requests, answers what has begun, then frees
 * everything in reverse.
 *
 * @param environment for `${env.NAME}` in a supergraph.yaml
 * @throws when there is no supergraph to serve, or a port is taken
 */
export async function startGateway(
  config: GatewayConfig,
  log: Log,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Gateway> {
  if (config.override.key === 'subject' && config.token.issuer === undefined)
    throw new ConfigError([{ path: 'override.key', message: 'needs token.issuer: without it no token is read' }]);
  const stack = new ClosingStack();
  const writes = createWriteCounter();
  try {
    stack.add('fault log', startFaultLog({ log }));
    const upstreams = stack.add(
      'upstreams',
      createUpstreams({
        overrides: config.upstream,
        defaults: config.upstreamDefaults,
        merging: config.sharing.calls ? { epoch: writes.epoch } : undefined,
        log,
      }),
    );
    const planners = stack.add('planner threads', createPlanners(config.planning));
    const memoOf = createOperationMemos(config.operations.memoBytes);
    const prepare = createPrepare({ limits: config.limits, memoOf });
    const plan = createPlan({ memoOf });
    const { warmUp: count, warmUpTimeoutMs: timeoutMs } = config.operations;
    const warmUp = createWarmUp({ memoOf, prepare, plan, count, timeoutMs, log });
    const followed = stack.add(
      'supergraph',
      await followSupergraph({
        source: createSource(config, environment),
        build: (sdl) => buildSupergraph(sdl, { createPlanner: planners.create, enforced: ENFORCED_DIRECTIVES }),
        prepare: async (next, previous, signal) => {
          upstreams.open(next, next.subgraphs, () => void next.planner.close());
          for (const warning of checkLabels(next.planner.overrideLabels, config.override)) log.warn(warning);
          if (previous !== undefined) await warmUp(next, previous, signal);
        },
        retire: upstreams.retire,
        pollIntervalMs: config.supergraph.pollIntervalMs,
        log,
      }),
    );
    const handle = createPipeline({
      authenticate: createAuthenticate(createVerifier(config.token)),
      prepare,
      decideLabels: createDecideLabels(config.override),
      plan,
      holdUpstreams: upstreams.hold,
      share: chooseShare(config.sharing, writes.epoch),
      forward: config.headers.forward,
      onWrite: writes.count,
    });
    const admin = stack.add('admin server', await createAdminServer({ ...config.admin, followed, log }));
    const http = stack.add(
      'http server',
      await createHttpServer({ ...config.http, handle, currentSupergraph: followed.current, log }),
    );
    log.info({ url: `${http.url}/graphql`, admin: admin.url }, 'the gateway is serving');
    return { url: http.url, adminUrl: admin.url, reload: followed.reload, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

function chooseShare({ work, requests }: GatewayConfig['sharing'], epoch: () => number): Share {
  if (requests) return createShare({ epoch, until: 'answer' });
  return work ? createShare({ epoch, until: 'first reply' }) : doNotShare;
}

function createSource(
  { supergraph: { source, file } }: GatewayConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Source {
  return source === 'file' ? createFileSource(file) : createComposeSource(file, environment);
}

function createVerifier({ issuer, audience, jwksUrl }: GatewayConfig['token']) {
  if (issuer === undefined || jwksUrl === undefined) return undefined;
  return createTokenVerifier({ issuer, audience, keys: new URL(jwksUrl) });
}
