import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify';
import type { Log } from './logs.ts';

export interface HttpServerOptions {
  readonly log: Log;
  /** Larger bodies get 413. In bytes. */
  readonly bodyLimitBytes?: number;
  /** Answers what is no request, or did not come in time; by default as Fastify does. */
  readonly onClientError?: (error: NodeJS.ErrnoException, socket: Socket) => void;
  /** Answers a request whose path cannot be read; by default as Fastify does. */
  readonly onUnreadable?: (error: Error, request: FastifyRequest, reply: FastifyReply) => unknown;
  /** Whether a stop waits for what is still to come on a connection: by default for no more than what has come whole. */
  readonly isHeld?: (socket: Socket) => boolean;
}

/** Its requests and replies have parameters of type that are those of a server of ours. */
type FrameworkErrors = NonNullable<FastifyServerOptions['frameworkErrors']>;

/** A Fastify server as every process here sets it up; `listen` starts it. */
export function createServer(options: HttpServerOptions): FastifyInstance {
  const { log, bodyLimitBytes = 1_000_000, onClientError, onUnreadable, isHeld = () => false } = options;
  const app = fastify({
    // Fastify's own lines (addresses, faults of its making) below `warn` say nothing that ours do not.
    loggerInstance: log.child({}, { level: log.isLevelEnabled('warn') ? 'warn' : log.level }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // Not a child for each request: with redaction, making one costs more than many a request does.
    childLoggerFactory: (logger) => logger,
    ...(onClientError && { clientErrorHandler: onClientError }),
    ...(onUnreadable && { frameworkErrors: onUnreadable as FrameworkErrors }),
    bodyLimit: bodyLimitBytes,
    // Names of things in paths may be long.
    routerOptions: { maxParamLength: 2_000 },
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    // Above the idle time of common load balancers (60 s): one that reuses a connection just closed would see a reset.
    keepAliveTimeout: 75_000,
    // For the whole of a request to arrive. Fastify sets none, and whoever sends half a body would hold its connection for ever.
    requestTimeout: 30_000,
  });
  closeUnusedConnections(app, isHeld);
  return app;
}

/**
 * At close, ends the connections that carry no request received in full, and the others when their last request is answered: there
 * is nothing more to answer. Node ends those between two requests by itself, and waits for the others: a browser's connection made
 * ahead of need, half a body, or a client that would have kept its connection after the answer, held a stop for as long as it liked.
 */
function closeUnusedConnections(app: FastifyInstance, isHeld: (socket: Socket) => boolean): void {
  const requestsOf = new Map<Socket, Set<IncomingMessage>>();
  let isClosing = false;
  let isDraining = false;
  app.server.on('connection', (socket) => {
    requestsOf.set(socket, new Set());
    socket.once('close', () => requestsOf.delete(socket));
  });
  app.server.on('request', (request, response) => {
    const requests = requestsOf.get(request.socket);
    requests?.add(request);
    if (isDraining) response.shouldKeepAlive = false;
    response.once('close', () => {
      requests?.delete(request);
      if (isClosing && requests?.size === 0) request.socket.end();
    });
  });
  drains.set(app, async (ms) => {
    isDraining = true;
    // They come again until they know that it stops.
    if (requestsOf.size > 0) await pause(ms);
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const [socket, requests] of requestsOf)
      if (!isHeld(socket) && ![...requests].some(({ complete }) => complete)) socket.destroy();
  });
}

const drains = new WeakMap<FastifyInstance, (ms: number) => Promise<void>>();

/**
 * Tells each client with its next answer that its connection ends (`connection: close`), for so many milliseconds; where there is no client, it is over
 * at once. A connection that is closed between two requests may carry the next one already, which is lost.
 */
export async function drainConnections(app: FastifyInstance, ms: number): Promise<void> {
  await drains.get(app)?.(ms);
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Whether it is for this process alone, also where several serve one port. */
  readonly isExclusive?: boolean;
  /** The environment variable that sets the port: the way out when it is taken. */
  readonly option: string;
}

/**
 * Starts listening.
 *
 * @returns `http://host:port`, with the port that was found free when 0 was asked for
 * @throws {Error} that says which port is taken and by what option to choose another
 */
export async function listen(
  server: FastifyInstance,
  { host, port, option, isExclusive = false }: ListenOptions,
): Promise<string> {
  try {
    // Processes that share a port share a free one, too, unless they are told not to.
    return await server.listen({ host, port, exclusive: isExclusive });
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
