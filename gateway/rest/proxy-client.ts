import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';

/** The client of a request that is passed on. */
export interface WatchedClient {
  /** Aborted when it has gone, or takes too long. */
  readonly signal: AbortSignal;
  /** What it is to be told; nothing for one that did what it should. */
  reason(): GatewayError | undefined;
}

/**
 * Watches whether a client is still there, and goes on: a body that stops coming, or an answer that is not read, holds a connection to the
 * upstream. Its own connection is closed when nothing has moved on it for a while.
 *
 * @param idleMs in milliseconds
 */
export function watchClient(request: IncomingMessage, response: ServerResponse, idleMs: number): WatchedClient {
  const controller = new AbortController();
  let reason: GatewayError | undefined;
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  response.setTimeout(idleMs, () => {
    // Read up to here, and there is more to come.
    if (!request.complete && request.readableLength === 0 && !response.headersSent) {
      reason = new GatewayError('REQUEST_TIMEOUT', `Nothing came of the body for ${idleMs} ms.`);
      controller.abort();
    } else if (response.writableNeedDrain) response.destroy();
  });
  return { signal: controller.signal, reason: () => reason };
}
