import { GatewayError } from '../errors.ts';

/** What a request is for. */
export interface Target {
  /** Decoded, without parameters of segments and a slash at the end: by it a route is found. */
  readonly path: string;
  /** As the client wrote it. */
  readonly rawPath: string;
  /** With its question mark, as the client wrote it. */
  readonly search: string;
}

/** Anything else than visible ASCII, what ends a path, and what servers turn into slashes. */
const UNFIT = /[^\x21-\x7e]|[#\\]/;

/** Of a segment that is decoded: slashes of both kinds, and what ends a text or a line somewhere. */
const UNFIT_DECODED = /[/\\\p{Cc}]/u;

/**
 * Reads the target of a request. What the servers on the way could take for different paths is refused: a rule for one path must not be
 * avoided by another way to write it.
 *
 * @throws {GatewayError} `BAD_REQUEST`
 */
export function readTarget(url: string): Target {
  const at = url.indexOf('?');
  const rawPath = at === -1 ? url : url.slice(0, at);
  const search = at === -1 ? '' : url.slice(at);
  if (!rawPath.startsWith('/') || UNFIT.test(url)) throw refusal('is not a path with visible ASCII characters');
  const segments = rawPath.slice(1).split('/');
  const decoded = segments.map((segment, index) => {
    const text = decode(segment);
    const name = text.split(';', 1)[0] ?? '';
    if (name === '.' || name === '..') throw refusal('has a segment . or ..');
    if (UNFIT_DECODED.test(text)) throw refusal('has an encoded slash, backslash or control character');
    if (segment === '' && index < segments.length - 1) throw refusal('has an empty segment');
    return name;
  });
  if (decoded.at(-1) === '') decoded.pop();
  return { path: `/${decoded.join('/')}`, rawPath, search };
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw refusal('is not percent-encoded UTF-8', { cause });
  }
}

function refusal(why: string, options?: ErrorOptions): GatewayError {
  return new GatewayError('BAD_REQUEST', `The path ${why}.`, options);
}
