import type { Address } from './address.ts';
import type { AnyCall } from './send.ts';

/** What is sent to a destination. */
export interface Call extends AnyCall {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Given to all calls with the same headers: see `madeOf`. */
  readonly made?: MadeOfHeaders;
}

/** What is made of headers, once. */
export interface MadeOfHeaders {
  readonly headers: Call['headers'];
  text?: HeaderText | { readonly unsendable: string };
  sharingKey?: string;
}

/** What is made of a call's headers; when others have taken their place on the way, what was made of the first is not it. */
export function madeOf({ headers, made }: Call): MadeOfHeaders {
  return made?.headers === headers ? made : { headers };
}

/** A request as it goes over a connection, in one piece: one write, one system call. */
export interface RequestText {
  readonly request: string | Buffer;
  readonly encoding: 'latin1' | 'utf8';
}

/** @returns or the name of a header that cannot be sent */
export type WriteRequest = (call: Call) => RequestText | { readonly unsendable: string };

interface HeaderText {
  readonly text: string;
  readonly isAscii: boolean;
}

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Writes the requests to one address (RFC 9112, 3).
 *
 * @param deadlineHeader in which the time that is left travels, in milliseconds
 * @param acceptEncoding the codings that replies may have; without it, none
 */
export function createRequestWriter(
  { host, path }: Pick<Address, 'host' | 'path'>,
  deadlineHeader: string | undefined,
  acceptEncoding?: string,
): WriteRequest {
  const codings = acceptEncoding === undefined ? '' : `accept-encoding: ${acceptEncoding}\r\n`;
  const end = ` ${path} HTTP/1.1\r\nhost: ${host}\r\n${codings}`;
  return (call) => {
    const { method, body = '', deadline } = call;
    const made = madeOf(call);
    made.text ??= writeHeaders(made.headers);
    const { text: headerText } = made;
    if ('unsendable' in headerText) return headerText;
    const bytes = Buffer.byteLength(body);
    const length = method === 'GET' && bytes === 0 ? '' : `content-length: ${bytes}\r\n`;
    const time =
      deadlineHeader === undefined || deadline === undefined
        ? ''
        : `${deadlineHeader}: ${Math.max(1, Math.floor(deadline - performance.now()))}\r\n`;
    const head = `${method}${end}${headerText.text}${time}${length}\r\n`;
    // A text of which every character is one byte is written as it stands.
    if (bytes === body.length) return { request: head + body, encoding: 'latin1' };
    if (headerText.isAscii) return { request: head + body, encoding: 'utf8' };
    return { request: Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]), encoding: 'utf8' };
  };
}

function writeHeaders(headers: Call['headers']): HeaderText | { readonly unsendable: string } {
  let text = '';
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    if (!isSendable(name, value)) return { unsendable: name };
    text += `${name}: ${value}\r\n`;
  }
  return { text, isAscii: !NOT_ASCII.test(text) };
}

/** Names and values in turn, for who writes a request in another way. @returns or the name of a header that cannot be sent */
export function headerPairs(
  headers: Call['headers'],
): { readonly pairs: readonly string[] } | { readonly unsendable: string } {
  const unsendable = Object.keys(headers).find((name) => !isSendable(name, headers[name] ?? ''));
  return unsendable === undefined ? { pairs: Object.entries(headers).flat() } : { unsendable };
}

/** Of the connection and the body, not of the call (RFC 9110, 7.6.1): they are written here. */
const OURS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** What would end the line and begin another one of a client's choice is never sent. */
function isSendable(name: string, value: string): boolean {
  return !OURS.has(name) && TOKEN.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}
