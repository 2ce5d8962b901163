import { GatewayError } from '../errors.ts';

/** What a request is for. */
export interface Target {
  /** Decoded, without parameters of segments and a slash at the end: by it a route is found. */
  readonly path: string;
  /** The same with parameters: to who knows none they are part of the name. */
  readonly literalPath: string;
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
  const decoded = segments.map(decode);
  const names = segments.map((segment, index) => {
    const text = decoded[index] ?? '';
    const name = text.split(';', 1)[0] ?? '';
    if (name === '.' || name === '..') throw refusal('has a segment . or ..');
    if (UNFIT_DECODED.test(text)) throw refusal('has an encoded slash, backslash or control character');
    if (segment === '' && index < segments.length - 1) throw refusal('has an empty segment');
    return name;
  });
  if (names.at(-1) === '') names.pop();
  return { path: `/${names.join('/')}`, literalPath: `/${decoded.slice(0, names.length).join('/')}`, rawPath, search };
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw refusal('is not percent-encoded UTF-8', { cause });
  }
}

/** @throws {GatewayError} `BAD_REQUEST` when it has another route with the parameters of its segments than without */
export function checkParameters<Found>({ path, literalPath }: Target, find: (path: string) => Found): Found {
  const found = find(path);
  if (path !== literalPath && find(literalPath) !== found)
    throw refusal('belongs to one route with the parameters of its segments, and to another without them');
  return found;
}

function refusal(why: string, options?: ErrorOptions): GatewayError {
  return new GatewayError('BAD_REQUEST', `The path ${why}.`, options);
}
