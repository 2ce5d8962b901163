import type { Socket } from 'node:net';
import { GatewayError } from '../errors.ts';

/**
 * Makes the function that answers what Node takes for no request: bytes that are none or could be two (400), headers beyond its limit (431), and what does not come in
 * time (408).
 *
 * @param isStreaming whether what is under way on a connection may take longer, and is watched by whoever streams it
 */
export function createOnClientError(
  isStreaming: (socket: Socket) => boolean,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isStreaming(socket)) return;
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    // To an answer that has begun, or was given just now, nothing can be added.
    if (isStreaming(socket)) return socket.destroySoon();
    const { status, code, message } = toGatewayError(error);
    const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
    const head = `HTTP/1.1 ${status} ${code}\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: no-store\r\n`;
    socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
    socket.destroySoon();
  };
}

function toGatewayError({ code }: NodeJS.ErrnoException): GatewayError {
  if (code === 'HPE_HEADER_OVERFLOW') return new GatewayError('HEADERS_TOO_LARGE', 'The headers are too large.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new GatewayError('REQUEST_TIMEOUT', 'The request took too long.');
  return new GatewayError('BAD_REQUEST', 'This is no request of HTTP/1.1.');
}
