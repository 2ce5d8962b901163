import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Whether a request asks for a WebSocket (RFC 6455, 4.1): no other protocol is passed through. */
export function isUpgrade({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-key'] !== undefined
  );
}

/** What a request to change the protocol is answered with as long as it is not changed. @param head what came after it */
export function openResponse(request: IncomingMessage, socket: Socket, head: Buffer): ServerResponse {
  if (head.length > 0) socket.unshift(head);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // Whoever listened to it was Node's server.
  socket.on('error', () => socket.destroy());
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.end();
  });
  return response;
}

/** Passes on what both sides say from now on, until one of them ends. @param headers names and values in turn, of the upstream's answer */
export async function tunnel(upstream: Duplex, headers: readonly string[], { socket }: IncomingMessage): Promise<void> {
  let head = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n';
  for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.write(`${head}\r\n`, 'latin1');
  // Each ends when what it had to pass on has arrived. No WebSocket goes on in one direction alone (RFC 6455, 7.1).
  const ways = [pipeline(socket, upstream), pipeline(upstream, socket)].map((way) => way.catch(() => undefined));
  await Promise.race(ways);
  upstream.destroy();
  socket.destroy();
}
