import { createServer, listen } from '../../service/http-server.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { Followed } from '../supergraph/follow.ts';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  readonly followed: Followed;
  readonly log: Log;
}

export interface AdminServer extends Running {
  readonly url: string;
}

/**
 * A second server, on a port for operators: `/health` (the process lives), `/ready` (it serves a graph, and which),
 * `POST /reload` (look for a new graph now) and `/supergraph` (the SDL in use).
 */
export async function createAdminServer({ host, port, followed, log }: AdminServerOptions): Promise<AdminServer> {
  const app = createServer({ log });
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async () => {
    const { id, subgraphs } = followed.current();
    return { status: 'ready', supergraph: id, subgraphs: subgraphs.map(({ name }) => name) };
  });
  app.get('/supergraph', (_request, reply) => reply.type('text/plain; charset=utf-8').send(followed.current().sdl));
  app.post('/reload', async (_request, reply) => {
    const outcome = await followed.reload();
    return reply.code(outcome.outcome === 'failed' ? 422 : 200).send(outcome);
  });

  const url = await listen(app, { host, port, option: 'GATEWAY_ADMIN_PORT' });
  return { url, close: () => app.close() };
}
