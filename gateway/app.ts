import { ConfigError } from '../service/config.ts';
import { createEvents, type Events } from '../service/events.ts';
import type { Invalidation } from '../service/invalidation.ts';
import type { Log } from '../service/logs.ts';
import { ClosingStack, type Running } from '../service/run.ts';
import { createTokenVerifier } from '../service/tokens.ts';
import { createAdminServer } from './admin/server.ts';
import type { Cache } from './cache/cache.ts';
import type { GatewayConfig } from './config.ts';
import { createSource, startEngine } from './engine.ts';
import { createShare, doNotShare, type Share } from './execution/share.ts';
import { createAuthenticate } from './guard/authenticate.ts';
import { createHttpServer } from './http/server.ts';
import { createPipeline, type Execution } from './pipeline.ts';
import { forwardedNames } from './request.ts';
import type { Followed } from './supergraph/follow.ts';
import { startStoreLog } from './telemetry/store-log.ts';
import { TRACING } from './upstream/sharing-key.ts';

type Environment = Readonly<Record<string, string | undefined>>;

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
  if (config.override.key === 'subject' && config.token.issuer === undefined)
    throw new ConfigError([{ path: 'override.key', message: 'needs token.issuer: without it no token is read' }]);
  const stack = new ClosingStack();
  try {
    const source = createSource(config.supergraph, environment);
    let cache: Cache | undefined;
    const { followed, upstreams, prepare, decideLabels, plan, writes } = await startEngine(stack, {
      config,
      source,
      log,
      onReload: (next) => cache?.prepare(next),
    });
    cache = await openCache(stack, {
      config: config.cache,
      redisUrl: environment.REDIS_URL || undefined,
      events,
      currentSupergraph: followed.current,
      onPurge: writes.countPurge,
      log,
    });
    const handle = createPipeline({
      cache,
      epoch: writes.epoch,
      sharingEpoch: writes.sharingEpoch,
      authenticate: createAuthenticate(createVerifier(config.token)),
      prepare,
      decideLabels,
      plan,
      holdUpstreams: upstreams.hold,
      share: chooseShare(config.sharing, writes.sharingEpoch),
      forward: config.headers.forward,
      onWrite: writes.count,
    });
    const admin = stack.add(
      'admin server',
      await createAdminServer({ ...config.admin, followed, log, invalidation: toInvalidation(cache, config.cache) }),
    );
    const http = stack.add(
      'http server',
      await createHttpServer({
        ...config.http,
        handle,
        vary: toVary(config),
        currentSupergraph: followed.current,
        log,
      }),
    );
    log.info({ url: `${http.url}/graphql`, admin: admin.url }, 'the gateway is serving');
    return { url: http.url, adminUrl: admin.url, reload: followed.reload, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** The headers on which answers depend: what goes to subgraphs, but for tracing, and what labels are decided by. */
function toVary({ headers, override: { key } }: GatewayConfig): string {
  const sent = forwardedNames(headers.forward).filter((name) => !TRACING.has(name));
  return [...new Set(['accept', ...sent, ...(key === undefined || key === 'subject' ? [] : [key.toLowerCase()])])].join(
    ', ',
  );
}

interface CacheSetting {
  readonly config: GatewayConfig['cache'];
  readonly redisUrl: string | undefined;
  readonly events: Events | undefined;
  readonly currentSupergraph: Followed['current'];
  readonly onPurge: () => void;
  readonly log: Log;
}

/** Loaded only when it is wanted. */
async function openCache(stack: ClosingStack, setting: CacheSetting): Promise<Cache | undefined> {
  const { config, redisUrl, events, currentSupergraph, onPurge, log } = setting;
  if (config.mode === 'off') return undefined;
  stack.add('store log', startStoreLog({ log }));
  const { openCache: open } = await import('./cache/cache.ts');
  const cache = stack.add('cache', await open({ config, redisUrl, onPurge, log }));
  cache.prepare(currentSupergraph());
  if (!config.invalidation.events || (events === undefined && redisUrl === undefined)) return cache;
  const { followEvents } = await import('./cache/follow-events.ts');
  const followed = events ?? stack.add('events', createEvents({ redisUrl, log }));
  const invalidate = (all: readonly Invalidation[]) => cache.invalidate(all, currentSupergraph());
  stack.add('cache events', await followEvents({ events: followed, namespace: config.namespace, invalidate, log }));
  return cache;
}

function toInvalidation(cache: Cache | undefined, { invalidation: { key } }: GatewayConfig['cache']) {
  return cache === undefined || key === undefined ? undefined : { key, invalidate: cache.invalidate };
}

function chooseShare({ work, requests }: GatewayConfig['sharing'], epoch: () => number): Share<Execution> {
  if (requests) return createShare({ epoch, until: 'answer' });
  return work ? createShare({ epoch, until: 'first reply' }) : doNotShare;
}

function createVerifier({ issuer, audience, jwksUrl }: GatewayConfig['token']) {
  if (issuer === undefined || jwksUrl === undefined) return undefined;
  return createTokenVerifier({ issuer, audience, keys: new URL(jwksUrl) });
}
