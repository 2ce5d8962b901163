import { z } from 'zod';

/** A token (RFC 9110, 5.6.2). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Headers about one connection or one body, which cannot travel on (RFC 9110, 7.6.1). */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The name of a header, in any case; or of a cookie, which is made of the same characters (RFC 6265, 4.1.1). */
export function headerName(kind: 'header' | 'cookie' = 'header') {
  return z.string().regex(HEADER_NAME, { error: `must be the name of a ${kind}` });
}

/** The name of a header that goes from one server to the next, in lower case. */
export function travellingHeader() {
  return headerName()
    .refine((name) => !CONNECTION_HEADERS.has(name.toLowerCase()), {
      error: 'is about one connection or one body and cannot travel on (RFC 9110, 7.6.1)',
    })
    .toLowerCase();
}

/** In which a client says how many milliseconds it will wait, and by default what is left of them travels on. */
export const TIMEOUT = 'x-timeout-ms';
