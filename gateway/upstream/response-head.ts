import { ReplyError } from './reply-error.ts';

/** The beginning of a response, and how its body is framed (RFC 9112, 6.3). */
export interface ResponseHead {
  readonly status: number;
  /** Lower-case names; the values of a repeated header are in a list. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly framing: 'sized' | 'chunked' | 'to the end' | 'none';
  /** In bytes, of a body that says it. */
  readonly length: number;
  /** Whether the server closes the connection after it. */
  readonly isLast: boolean;
  /** For how long the server keeps an idle connection, in seconds, if it says so. */
  readonly keepAliveSeconds: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9][0-9])(?: [^\r\n]*)?$/;
/** Half an end of a line, and what no header can hold (RFC 9110, 5.5). */
const BARE = /\r(?!\n)|(?<!\r)\n|\0/;
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** Servers send the same few names; what attackers send is not kept. */
const names = new Map<string, string>();
const MOST_NAMES = 1_000;

/** @param text to the empty line, without it, in Latin-1. @throws {ReplyError} */
export function parseHead(text: string): ResponseHead {
  let end = text.indexOf('\r\n');
  if (end === -1) end = text.length;
  if (BARE.test(text)) throw new ReplyError('malformed', 'a line of the head does not end in CR LF');
  const line = STATUS_LINE.exec(text.slice(0, end));
  if (line === null) throw new ReplyError('malformed', 'what came is no response of HTTP/1.1');
  const headers: Record<string, string | string[]> = {};
  for (let start = end + 2; start < text.length; start = end + 2) {
    end = text.indexOf('\r\n', start);
    if (end === -1) end = text.length;
    const colon = text.indexOf(':', start);
    if (colon === -1 || colon > end) throw new ReplyError('malformed', 'a line of the head is no header');
    const name = readName(text.slice(start, colon));
    const value = trimBlanks(text.slice(colon + 1, end));
    const before = headers[name];
    if (!Object.hasOwn(headers, name) || before === undefined) headers[name] = value;
    else headers[name] = typeof before === 'string' ? [before, value] : [...before, value];
  }
  return toHead(Number(line[2]), line[1] === '1', headers);
}

function readName(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (!TOKEN.test(name) || name === '__proto__')
    throw new ReplyError('malformed', 'a header has a name that none can have');
  const lower = name.toLowerCase();
  if (names.size < MOST_NAMES) names.set(name, lower);
  return lower;
}

/** Blanks and tabs, and no other white space (RFC 9110, 5.6.3). */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function toHead(status: number, isHttp11: boolean, headers: Record<string, string | string[]>): ResponseHead {
  const connection = textOf(headers.connection)?.toLowerCase();
  const coding = textOf(headers['transfer-encoding'])?.toLowerCase();
  const length = readLength(headers['content-length']);
  const isKept = isHttp11 ? !connection?.includes('close') : connection?.includes('keep-alive') === true;
  const timeout = /(?:^|[,\s])timeout=(\d+)/i.exec(textOf(headers['keep-alive']) ?? '')?.[1];
  const rest = { status, headers, keepAliveSeconds: timeout === undefined ? undefined : Number(timeout) };
  if (status < 200 || status === 204 || status === 304) return { ...rest, framing: 'none', length: 0, isLast: !isKept };
  if (coding !== undefined) {
    // Who says both lengths may be tricked, or trick us: nothing more is asked there (RFC 9112, 6.1).
    const isLast = !isKept || length !== undefined;
    return { ...rest, framing: /(?:^|[, \t])chunked$/.test(coding) ? 'chunked' : 'to the end', length: 0, isLast };
  }
  if (length === undefined) return { ...rest, framing: 'to the end', length: 0, isLast: true };
  return { ...rest, framing: 'sized', length, isLast: !isKept };
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Said twice, it has to be the same (RFC 9112, 6.3). */
function readLength(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const said = new Set((textOf(value) ?? '').split(',').map(trimBlanks));
  const [length = ''] = said;
  if (said.size !== 1 || !/^[0-9]{1,15}$/.test(length))
    throw new ReplyError('malformed', 'the content-length of the response is no number');
  return Number(length);
}
