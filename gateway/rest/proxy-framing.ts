import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';

/** Node reads no more than twice as many, and drops the others without a word. */
const MOST_HEADERS = 1_000;

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/**
 * Checks what Node's parser leaves to us of how a request is framed (RFC 9112, 6 and 3.2): it has refused a length beside a transfer coding, two
 * lengths, codings that do not end in `chunked`, folded headers and bare line ends.
 *
 * @returns whether there is a body
 * @throws {GatewayError} `BAD_REQUEST`, `HEADERS_TOO_LARGE`
 */
export function checkFraming(request: IncomingMessage): boolean {
  const { method, headers, rawHeaders, httpVersion } = request;
  if (rawHeaders.length > 2 * MOST_HEADERS)
    throw new GatewayError('HEADERS_TOO_LARGE', `There are more than ${MOST_HEADERS} headers.`);
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1'))
    throw refusal('The only transfer-encoding that is taken is chunked, in HTTP/1.1.');
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (headers.host !== undefined && headers.host !== '' && !HOST.test(headers.host)))
    throw refusal('There must be one host, with or without a port.');
  const hasBody = coding !== undefined || (headers['content-length'] ?? '0') !== '0';
  // Of which servers make different things, the next request among them (RFC 9110, 9.3.1).
  if (hasBody && (method === 'GET' || method === 'HEAD')) throw refusal(`A ${method} has no body.`);
  return hasBody;
}

function refusal(message: string): GatewayError {
  return new GatewayError('BAD_REQUEST', message);
}
