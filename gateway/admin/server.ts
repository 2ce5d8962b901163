import { createServer, listen } from '../../service/http-server.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { GatewayError } from '../errors.ts';
import { preventCsrf } from '../guard/csrf.ts';
import type { GatewayMetrics } from '../metric-table.ts';
import type { Followed } from '../supergraph/follow.ts';
import type { SourceStatus } from '../supergraph/source.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { type Invalidating, serveInvalidation } from './invalidate.ts';
import { type Revoking, serveRevocation } from './revoke.ts';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** What there is to operate; `undefined` as long as no graph is served, and when none is served any more. */
  readonly operated: () => Operated | undefined;
  /** Whether it is about to stop: what comes should go elsewhere. */
  readonly isDraining: () => boolean;
  /** How it is with the source of the graph, when that is elsewhere. */
  readonly sourceStatus: () => SourceStatus | undefined;
  /** `undefined` when there are none. */
  readonly metrics: GatewayMetrics | undefined;
  readonly log: Log;
}

export interface Operated {
  readonly followed: Followed;
  /** How the addresses do that calls of the graph go to, and those that routes go to. */
  readonly lookAtUpstreams: () => Readonly<Record<'subgraphs' | 'routes', ReturnType<Upstreams['look']>>>;
  /** `undefined`: nothing can be invalidated, because there is no cache or no key. */
  readonly invalidation: Invalidating | undefined;
  /** `undefined`: nothing can be revoked, because there is no list or no key. */
  readonly revocation: Revoking | undefined;
}

export interface AdminServer extends Running {
  readonly url: string;
}

const OFF = {
  '/invalidate': 'Nothing can be invalidated: set cache.invalidation.key, and no cache.mode: off.',
  '/revoke': 'Nothing can be revoked: set authentication.revocation.key and .isEnabled.',
};

/**
 * A second server, on a port for operators: `/health` (the process lives), `/ready` (it serves a graph, and which; else 503),
 * `POST /reload` (look for a new graph now), `/supergraph` (the SDL in use), `/upstreams` (how the addresses of each destination do), `/metrics` (for Prometheus),
 * `POST /invalidate` (void what the cache keeps) and `POST /revoke` (tokens and API keys before their time). It is there before there is a
 * graph: a gateway that waits for its registry says so.
 *
 * The port is open to the operator's own browser too: what changes something is refused when any web page could have sent it.
 */
export async function createAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { host, port, operated, isDraining, sourceStatus, metrics, log } = options;
  const app = createServer({ log });
  // Bodies say nothing here: `content-type: application/json` with an empty one must pass.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof GatewayError)) return reply.send(error);
    return reply.code(error.status).send({ errors: [{ message: error.message, extensions: { code: error.code } }] });
  });
  const current = () => {
    const found = operated();
    if (found === undefined) throw new GatewayError('NOT_READY', 'The gateway serves no graph now; see /ready.');
    return found;
  };
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const followed = operated()?.followed;
    const source = sourceStatus();
    if (isDraining()) return reply.code(503).send({ status: 'stopping', source });
    if (followed === undefined) return reply.code(503).send({ status: 'not ready', source });
    const { id, subgraphs } = followed.current();
    const version = followed.version();
    // Of a source that answers, with what this gateway cannot serve.
    const failure = followed.failure();
    const told = failure === undefined ? source : { ...source, error: source?.error ?? failure };
    return { status: 'ready', supergraph: id, version, subgraphs: subgraphs.map(({ name }) => name), source: told };
  });
  app.get('/supergraph', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(current().followed.current().sdl),
  );
  app.get('/upstreams', async () => current().lookAtUpstreams());
  app.get('/metrics', async ({ headers }, reply) => {
    if (metrics === undefined)
      throw new GatewayError('NOT_FOUND', 'There are no metrics: telemetry.metrics.isEnabled is false.');
    // For the process that adds up those of several.
    if (headers.accept === 'application/json') return metrics.scrapeAsJson();
    const { contentType, text } = await metrics.scrape(headers.accept);
    return reply.header('content-type', contentType).send(text);
  });
  app.post('/reload', async ({ headers }, reply) => {
    preventCsrf(headers);
    const outcome = await current().followed.reload();
    return reply.code(outcome.outcome === 'failed' ? 422 : 200).send(outcome);
  });
  serveInvalidation(app, () => {
    const { followed, invalidation } = current();
    if (invalidation === undefined) throw new GatewayError('NOT_FOUND', OFF['/invalidate']);
    return { supergraph: followed.current(), invalidation };
  });
  serveRevocation(app, () => {
    const { revocation } = current();
    if (revocation === undefined) throw new GatewayError('NOT_FOUND', OFF['/revoke']);
    return revocation;
  });
  app.setNotFoundHandler(() => {
    const there = 'GET /health, /ready, /supergraph, /upstreams and /metrics, POST /reload, /invalidate and /revoke';
    throw new GatewayError('NOT_FOUND', `There is nothing here; there are ${there}.`);
  });

  const url = await listen(app, { host, port, option: 'GATEWAY_ADMIN_PORT', isExclusive: true });
  return { url, close: () => app.close() };
}
