import type { Events } from '../service/events.ts';
import type { Log } from '../service/logs.ts';
import { ClosingStack, type Drainable } from '../service/run.ts';
import { createAdminServer, type Operated } from './admin/server.ts';
import { API_KEY_ISSUER } from './authentication-config.ts';
import type { Cache } from './cache/cache.ts';
import { checkConfig, countsCost } from './check-config.ts';
import type { GatewayConfig } from './config.ts';
import { createSource, type Engine, startEngine } from './engine.ts';
import { createShare, doNotShare, type Share } from './execution/share.ts';
import { toExposure } from './exposure-config.ts';
import { createAddressBound } from './guard/address-bound.ts';
import { createReadClientAddress } from './guard/client-address.ts';
import { createConcurrencyLimit } from './guard/concurrency.ts';
import { createCost } from './guard/cost/cost.ts';
import { credentialHeaders } from './guard/credentials.ts';
import { ENFORCED_DIRECTIVES } from './guard/enforced-directives.ts';
import { createMayExplain } from './guard/may-explain.ts';
import { openAuthentication } from './guard/open-authentication.ts';
import type { RateLimiter } from './guard/rate-limit/open-rate-limiter.ts';
import type { Revocations } from './guard/revocations.ts';
import { checkShown, createShowError } from './guard/show-error.ts';
import { createHttpServer } from './http/server.ts';
import { openCache } from './open-cache.ts';
import { openLimiter } from './open-limiter.ts';
import { openProxy } from './open-proxy.ts';
import { openRest } from './open-rest.ts';
import { openStore } from './open-store.ts';
import { openTelemetry } from './open-telemetry.ts';
import { openPersisted } from './operation/open-persisted.ts';
import { knowsOperations } from './persisted-config.ts';
import { createPipeline } from './pipeline.ts';
import { CLIENT_NAME, forwardedNames } from './request.ts';
import type { Execution } from './run-operation.ts';
import type { Followed } from './supergraph/follow.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { startAuthenticationLog } from './telemetry/authentication-log.ts';
import { startCostLog } from './telemetry/cost-log.ts';
import { startStoreLog } from './telemetry/store-log.ts';
import { startUnknownOperationLog } from './telemetry/unknown-operation-log.ts';
import { TRACING } from './upstream/sharing-key.ts';
import type { Usage } from './usage/open-usage.ts';
import { findUsageTarget } from './usage-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Gateway extends Drainable {
  /** Where clients come, `http://host:port`; GraphQL is at `/graphql`. */
  readonly url: string;
  readonly adminUrl: string;
  readonly reload: Followed['reload'];
}

const UNTRUSTED =
  'a request has x-forwarded-for and comes from an address that http.trustedProxies does not name: if it is a proxy, all of its clients count as one';

/**
 * Wires the rooms together and starts the gateway. Closing it stops taking requests, answers what has begun, then frees
 * everything in reverse.
 *
 * @param environment for `${env.NAME}` in a supergraph.yaml, and REDIS_URL
 * @param events those of the services in this process; else they come from REDIS_URL, if there is one
 * @throws when there is no supergraph to serve, or a port is taken
 */
export async function startGateway(
  config: GatewayConfig,
  log: Log,
  environment: Environment = {},
  events?: Events,
): Promise<Gateway> {
  checkConfig(config);
  const stack = new ClosingStack();
  try {
    const source = createSource(config.supergraph, environment, log);
    let cache: Cache | undefined;
    let limiter: RateLimiter | undefined;
    let engine: Engine | undefined;
    let usage: Usage | undefined;
    let operated: Operated | undefined;
    let isDraining = false;
    const sourceStatus = () => source.status?.();
    const telemetry = await openTelemetry(stack, config.telemetry, log);
    const admin = stack.add(
      'admin server',
      await createAdminServer({
        ...config.admin,
        operated: () => operated,
        isDraining: () => isDraining,
        sourceStatus,
        metrics: telemetry.metrics,
        log,
      }),
    );
    const exposure = toExposure(config);
    const cost = createCost({ config: config.cost, isActualNeeded: countsCost(config) });
    if (config.cost.mode === 'report') stack.add('cost log', startCostLog({ log }));
    const warnOfNames = (supergraph: Supergraph) => {
      const warnings = [...checkShown(exposure.errors, supergraph.subgraphs), ...(cost?.check(supergraph) ?? [])];
      for (const warning of warnings) log.warn(warning);
    };
    const rest = openRest(config, log);
    const redisUrl = environment.REDIS_URL || undefined;
    stack.add('unknown operation log', startUnknownOperationLog({ log }));
    stack.add('store log', startStoreLog({ log }));
    const store = await openStore(stack, config, redisUrl, log);
    const persisted = await openPersisted(stack, {
      config: config.persisted,
      uplink: config.supergraph.uplink,
      store,
      maxTokens: config.limits.maxTokens,
      onReload: () => engine?.planKnown(),
      log,
    });
    engine = await startEngine(stack, {
      config,
      source,
      enforced: ENFORCED_DIRECTIVES,
      knowsCallers: knowsCallers(config),
      log,
      exposure,
      knownTexts: () => [...persisted.knownTexts(), ...(rest?.texts ?? [])],
      onReload: (next) => {
        cache?.prepare(next);
        limiter?.prepare(next);
        warnOfNames(next);
        rest?.prepare(next);
        usage?.reportSoon();
      },
    });
    const { followed, upstreams, prepare, authorize, decideLabels, plan, writes } = engine;
    usage = await openUsage(stack, config, followed, log);
    warnOfNames(followed.current());
    rest?.prepare(followed.current());
    cache = await openCache(stack, {
      config: config.cache,
      store,
      claimHeaders: Object.keys(config.authentication.forward.claims),
      redisUrl,
      events,
      currentSupergraph: followed.current,
      onPurge: writes.countPurge,
      log,
    });
    stack.add('authentication log', startAuthenticationLog({ log }));
    const { authenticate, revocations } = stack.add('authentication', openAuthentication(config.authentication, store));
    limiter = await openLimiter(stack, { config, redisUrl, currentSupergraph: followed.current, log });
    const limitConcurrency = createConcurrencyLimit(config.http.maxConcurrentRequests);
    const handle = createPipeline({
      cache,
      cost,
      limits: config.limits,
      charge: limiter?.charge,
      epoch: writes.epoch,
      sharingEpoch: writes.sharingEpoch,
      authenticate,
      limitConcurrency,
      persisted,
      prepare,
      authorize,
      decideLabels,
      plan,
      holdUpstreams: upstreams.hold,
      share: chooseShare(config.sharing, writes.sharingEpoch),
      forward: config.headers.forward,
      onWrite: writes.count,
      countUse: usage?.count,
      suggestions: exposure.suggestions,
      mayExplain: createMayExplain({ ...config.explain, anyone: exposure.explain }),
      showError: createShowError(exposure.errors),
    });
    const clientAddress = createReadClientAddress(config.http.trustedProxies, {
      onUntrusted: (address) => log.warn({ address }, UNTRUSTED),
    });
    const boundAddress = createAddressBound(config.rateLimit.addressRequestsPerS);
    const guard = { authenticate, limitConcurrency, charge: limiter?.charge, clientAddress, boundAddress };
    const proxy = await openProxy(stack, { config, ...guard, log });
    const operationRoutes = rest?.toServe({
      handle,
      currentSupergraph: followed.current,
      vary: toVary(config),
      credentials: [...credentialHeaders(config.authentication)],
    });
    const http = stack.add(
      'http server',
      await createHttpServer({
        ...config.http,
        explorer: exposure.explorer,
        clientAddress,
        boundAddress,
        besides: [proxy, operationRoutes].filter((one) => one !== undefined),
        handle,
        operationTimeoutMs: config.operations.timeoutMs,
        vary: toVary(config),
        currentSupergraph: followed.current,
        readTrace: telemetry.readTrace,
        log,
      }),
    );
    const lookAtUpstreams = () => ({ subgraphs: upstreams.look(), routes: proxy?.look() ?? {} });
    telemetry.lookUp({
      upstreams: lookAtUpstreams,
      supergraph: () => {
        const isLatest = followed.failure() === undefined;
        return { id: followed.current().id, version: followed.version(), isLatest };
      },
      reloads: followed.reloads,
      usage: () => usage?.look(),
    });
    operated = {
      followed,
      lookAtUpstreams,
      invalidation: toInvalidation(cache, config.cache),
      revocation: toRevocation(revocations, config.authentication),
    };
    log.info({ url: `${http.url}/graphql`, admin: admin.url, mode: config.mode }, 'the gateway is serving');
    const close = () => {
      operated = undefined;
      return stack.close();
    };
    const drain = () => {
      isDraining = true;
      return http.drain();
    };
    return { url: http.url, adminUrl: admin.url, reload: followed.reload, drain, close };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/**
 * The headers on which answers depend: what says who asks, what else goes to subgraphs but for tracing, what labels are decided by, and
 * by whom known operations are asked for.
 */
function toVary({ authentication, headers, override: { key }, persisted }: GatewayConfig): string {
  const sent = forwardedNames(headers.forward).filter((name) => !TRACING.has(name));
  const ofLabels = key === undefined || key === 'subject' ? [] : [key.toLowerCase()];
  const ofManifest = knowsOperations(persisted) ? [CLIENT_NAME] : [];
  return [...new Set(['accept', ...credentialHeaders(authentication), ...sent, ...ofLabels, ...ofManifest])].join(', ');
}

function knowsCallers({ authentication: { issuers, apiKeys } }: GatewayConfig): boolean {
  return Object.keys(issuers).length > 0 || Object.keys(apiKeys).length > 0;
}

/** Loaded only when it is reported. */
async function openUsage(
  stack: ClosingStack,
  config: GatewayConfig,
  followed: Followed,
  log: Log,
): Promise<Usage | undefined> {
  const target = findUsageTarget(config);
  if (target === undefined || 'problems' in target) return undefined;
  const { openUsage: open } = await import('./usage/open-usage.ts');
  return stack.add('usage', open({ config: config.usage, target, currentVersion: followed.version, log }));
}

function toInvalidation(cache: Cache | undefined, { invalidation: { key } }: GatewayConfig['cache']) {
  return cache === undefined || key === undefined ? undefined : { key, invalidate: cache.invalidate };
}

function toRevocation(revocations: Revocations | undefined, { issuers, revocation }: GatewayConfig['authentication']) {
  const { key } = revocation;
  if (revocations === undefined || key === undefined) return undefined;
  const trusted = Object.values(issuers).map(({ issuer }) => issuer);
  return { key, add: revocations.add, issuers: new Set([...trusted, API_KEY_ISSUER]) };
}

function chooseShare({ work, requests }: GatewayConfig['sharing'], epoch: () => number): Share<Execution> {
  if (requests) return createShare({ epoch, until: 'answer' });
  return work ? createShare({ epoch, until: 'first reply' }) : doNotShare;
}
