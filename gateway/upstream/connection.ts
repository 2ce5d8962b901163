import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from './address.ts';
import type { ConnectionTls } from './read-tls.ts';
import { type Received, ResponseReader } from './response-reader.ts';

/** What a connection tells whoever opened it. */
export interface ConnectionEvents {
  /** It can be asked. */
  onOpen(): void;
  /** It is closed. `error` says why it never opened. */
  onClose(error: Error): void;
}

/** @param received unless there is an error */
export type OnAnswer = (error: Error | undefined, received: Received | undefined) => void;

/** One connection to a server, on which one request at a time is under way (HTTP/1.1, RFC 9112). */
export interface Connection {
  /** Sends a whole request. `onAnswer` is called once. */
  ask(request: string | Buffer, encoding: 'latin1' | 'utf8', onAnswer: OnAnswer): void;
  /** Whether it can be asked: it may have ended in this very turn, and say so in a later one. */
  readonly isUsable: () => boolean;
  /** Ends it at once, and what is under way on it. */
  destroy(): void;
}

export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  readonly responseLimitBytes: number;
  /** For an endpoint with TLS; without it, what the machine trusts. */
  readonly tls?: ConnectionTls;
}

/**
 * What all sockets read into. Reading and looking at what was read happen in one turn, and what is kept of it is copied.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** Opens a connection. */
export function openConnection(
  endpoint: Endpoint,
  { connectTimeoutMs, responseLimitBytes, tls }: ConnectionOptions,
  events: ConnectionEvents,
): Connection {
  const reader = new ResponseReader(responseLimitBytes);
  /** Whoever waits for an answer. */
  let waiting: OnAnswer | undefined;
  let failure: Error | undefined;

  const socket = openSocket(endpoint, tls, (bytes) => {
    if (waiting === undefined) return fail(new Error('the server sent something that nobody asked for'));
    try {
      const received = reader.read(bytes);
      if (received !== undefined) settle(undefined, received);
    } catch (error) {
      fail(error as Error);
    }
  });
  const timer = setTimeout(() => fail(new ConnectTimeoutError(connectTimeoutMs)), connectTimeoutMs);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  socket.once(endpoint.isTls ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer);
    events.onOpen();
  });
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.on('end', () => {
    const reply = reader.end();
    if (reply !== undefined) settle(undefined, { reply, isLast: true, keepAliveSeconds: undefined });
    else fail(new Error('the server closed the connection before its answer was complete'));
  });
  socket.on('close', () => {
    clearTimeout(timer);
    failure ??= new Error('the connection was closed');
    events.onClose(failure);
    settle(failure, undefined);
  });

  function settle(error: Error | undefined, received: Received | undefined): void {
    const onAnswer = waiting;
    waiting = undefined;
    onAnswer?.(error, received);
  }

  function fail(error: Error): void {
    failure ??= error;
    socket.destroy();
  }

  return {
    ask: (request, encoding, onAnswer) => {
      waiting = onAnswer;
      if (typeof request === 'string') socket.write(request, encoding);
      else socket.write(request);
    },
    isUsable: () => !socket.destroyed && !socket.readableEnded,
    destroy: () => void socket.destroy(),
  };
}

/** The server could not be connected to in time. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';

  constructor(timeoutMs: number) {
    super(`no connection within ${timeoutMs} ms`);
  }
}

function openSocket(
  { hostname, ip, port, isTls }: Endpoint,
  tls: ConnectionTls | undefined,
  read: (bytes: Buffer) => void,
): Socket {
  const host = ip ?? hostname;
  if (isTls) {
    const servername = tls?.serverName ?? (isIP(hostname) === 0 ? hostname : undefined);
    return connectTls({
      host,
      port,
      ALPNProtocols: ['http/1.1'],
      ...(servername !== undefined && { servername }),
      ...(tls?.secureContext && { secureContext: tls.secureContext }),
    }).on('data', read);
  }
  // Straight into the buffer, past the stream and its events (test/bench, w2).
  return connectTcp({
    host,
    port,
    onread: {
      buffer: READ_BUFFER,
      callback: (length) => {
        read(READ_BUFFER.subarray(0, length));
        return true;
      },
    },
  });
}
