import { createServer, listen } from '../../service/http-server.ts';
import type { Log } from '../../service/logs.ts';
import { addUp } from '../../service/metrics.ts';
import type { Running } from '../../service/run.ts';
import type { Worker } from './worker.ts';
import type { Workers } from './workers.ts';

export interface WorkersAdminOptions {
  readonly host: string;
  readonly port: number;
  readonly workers: Workers;
  readonly log: Log;
}

/** What one process answered. */
interface Said {
  readonly worker: number;
  readonly status: number;
  readonly body: unknown;
}

/**
 * The admin server of several processes: each has one of its own, for this one alone. What changes something is passed to all, and answered
 * when all have answered; what they say is put together. A reload goes through them one after the other.
 */
export async function createWorkersAdmin({
  host,
  port,
  workers,
  log,
}: WorkersAdminOptions): Promise<Running & { readonly url: string }> {
  const app = createServer({ log });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const said = await Promise.all(workers.serving().map((worker) => ask(worker, '/ready')));
    const isReady = said.some(({ status }) => status === 200);
    const status = isReady ? 'ready' : 'not ready';
    return reply.code(isReady ? 200 : 503).send({ status, serving: said.length, of: workers.count, workers: said });
  });
  app.get('/supergraph', async (_request, reply) => {
    const [worker] = workers.serving();
    const said = worker && (await ask(worker, '/supergraph'));
    return reply
      .code(said?.status ?? 503)
      .type('text/plain; charset=utf-8')
      .send(said?.body ?? 'no worker serves');
  });
  app.get('/upstreams', async () => Promise.all(workers.serving().map((worker) => ask(worker, '/upstreams'))));
  app.get('/metrics', async (_request, reply) => {
    const said = await Promise.all(
      workers.serving().map((worker) => ask(worker, '/metrics', { headers: { accept: 'application/json' } })),
    );
    const counted = said.flatMap(({ status, body }) => (status === 200 ? [body as object] : []));
    if (counted.length === 0) return reply.code(503).send({ workers: said });
    const { contentType, text } = await addUp(counted);
    return reply.header('content-type', contentType).send(text);
  });
  for (const path of ['/reload', '/invalidate', '/revoke']) {
    app.post(path, async ({ headers, body }, reply) => {
      const sent = {
        method: 'POST',
        headers: passedOn(headers),
        body: body instanceof Buffer ? new Uint8Array(body) : null,
      };
      const serving = workers.serving();
      const said: Said[] = [];
      // A graph is read by one at a time: the others answer meanwhile.
      if (path === '/reload') for (const worker of serving) said.push(await ask(worker, path, sent));
      else said.push(...(await Promise.all(serving.map((worker) => ask(worker, path, sent)))));
      const status = Math.max(0, ...said.map((one) => one.status)) || 503;
      return reply.code(status).send({ workers: said });
    });
  }
  const url = await listen(app, { host, port, option: 'GATEWAY_ADMIN_PORT' });
  return { url, close: () => app.close() };
}

async function ask(worker: Worker, path: string, init: RequestInit = {}): Promise<Said> {
  const told = { worker: worker.processId };
  try {
    const response = await fetch(`${worker.ready()?.adminUrl}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { ...told, status: response.status, body: isJson ? JSON.parse(text) : text };
  } catch (error) {
    return { ...told, status: 502, body: { errors: [{ message: String(error) }] } };
  }
}

/** Of the one that came here: what says who asks, and that no page sent it. */
function passedOn(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const names = ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]] as const] : [])),
  );
}
