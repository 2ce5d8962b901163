import { createServer, listen } from '../../service/http-server.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { GatewayError } from '../errors.ts';
import { preventCsrf } from '../guard/csrf.ts';
import type { Followed } from '../supergraph/follow.ts';
import { type Invalidating, serveInvalidation } from './invalidate.ts';
import { type Revoking, serveRevocation } from './revoke.ts';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  readonly followed: Followed;
  readonly log: Log;
  /** `undefined`: nothing can be invalidated, because there is no cache or no key. */
  readonly invalidation: Invalidating | undefined;
  /** `undefined`: nothing can be revoked, because there is no list or no key. */
  readonly revocation: Revoking | undefined;
}

export interface AdminServer extends Running {
  readonly url: string;
}

/**
 * A second server, on a port for operators: `/health` (the process lives), `/ready` (it serves a graph, and which),
 * `POST /reload` (look for a new graph now), `/supergraph` (the SDL in use),
 * `POST /invalidate` (void what the cache keeps) and `POST /revoke` (tokens and API keys before their time).
 *
 * The port is open to the operator's own browser too: what changes something is refused when any web page could have sent it.
 */
export async function createAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { host, port, followed, log, invalidation, revocation } = options;
  const app = createServer({ log });
  // Bodies say nothing here: `content-type: application/json` with an empty one must pass.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof GatewayError)) return reply.send(error);
    return reply.code(error.status).send({ errors: [{ message: error.message, extensions: { code: error.code } }] });
  });
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async () => {
    const { id, subgraphs } = followed.current();
    return { status: 'ready', supergraph: id, subgraphs: subgraphs.map(({ name }) => name) };
  });
  app.get('/supergraph', (_request, reply) => reply.type('text/plain; charset=utf-8').send(followed.current().sdl));
  app.post('/reload', async ({ headers }, reply) => {
    preventCsrf(headers);
    const outcome = await followed.reload();
    return reply.code(outcome.outcome === 'failed' ? 422 : 200).send(outcome);
  });

  if (invalidation !== undefined) serveInvalidation(app, followed, invalidation);
  if (revocation !== undefined) serveRevocation(app, revocation);
  const off: Readonly<Record<string, string | undefined>> = {
    '/invalidate': invalidation
      ? undefined
      : 'Nothing can be invalidated: set cache.invalidation.key, and no cache.mode: off.',
    '/revoke': revocation ? undefined : 'Nothing can be revoked: set authentication.revocation.key and .isEnabled.',
  };
  app.setNotFoundHandler(({ method, url }) => {
    const reason = method === 'POST' ? off[url] : undefined;
    const there = 'GET /health, /ready and /supergraph, POST /reload, /invalidate and /revoke';
    throw new GatewayError('NOT_FOUND', reason ?? `There is nothing here; there are ${there}.`);
  });

  const url = await listen(app, { host, port, option: 'GATEWAY_ADMIN_PORT' });
  return { url, close: () => app.close() };
}
