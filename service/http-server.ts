import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Log } from './logs.ts';

export interface HttpServerOptions {
  readonly log: Log;
  /** Larger bodies get 413. In bytes. */
  readonly bodyLimitBytes?: number;
}

/** A Fastify server as every process here sets it up; `listen` starts it. */
export function createServer({ log, bodyLimitBytes = 1_000_000 }: HttpServerOptions): FastifyInstance {
  const app = fastify({
    // Fastify's own lines (addresses, faults of its making) below `warn` say nothing that ours do not.
    loggerInstance: log.child({}, { level: log.isLevelEnabled('warn') ? 'warn' : log.level }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // Not a child for each request: with redaction, making one costs more than many a request does.
    childLoggerFactory: (logger) => logger,
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    // Above the idle time of common load balancers (60 s): one that reuses a connection just closed would see a reset.
    keepAliveTimeout: 75_000,
  });
  closeUnusedConnections(app);
  return app;
}

/**
 * At close, ends the connections that carry no request. Node ends those between two requests by itself, and waits for
 * those that have not sent a first one: a browser's connection made ahead of need held a stop for as long as it liked.
 */
function closeUnusedConnections(app: FastifyInstance): void {
  const requestsOf = new Map<Socket, number>();
  app.server.on('connection', (socket) => {
    requestsOf.set(socket, 0);
    socket.once('close', () => requestsOf.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    requestsOf.set(socket, (requestsOf.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (requestsOf.has(socket)) requestsOf.set(socket, (requestsOf.get(socket) ?? 1) - 1);
    });
  });
  app.addHook('preClose', async () => {
    for (const [socket, requests] of requestsOf) if (requests === 0) socket.destroy();
  });
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The environment variable that sets the port: the way out when it is taken. */
  readonly option: string;
}

/**
 * Starts listening.
 *
 * @returns `http://host:port`, with the port that was found free when 0 was asked for
 * @throws {Error} that says which port is taken and by what option to choose another
 */
export async function listen(server: FastifyInstance, { host, port, option }: ListenOptions): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Error(`Port ${port} on ${host} is taken. Choose another with ${option} (0 for any free one).`, {
        cause: error,
      });
    }
    if (code === 'EACCES') {
      throw new Error(`Port ${port} needs more rights than this process has. Choose another with ${option}.`, {
        cause: error,
      });
    }
    throw error;
  }
}
