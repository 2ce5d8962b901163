import type { IncomingMessage } from 'node:http';
import type { AuthenticationConfig } from '../authentication-config.ts';
import { credentialHeaders } from '../guard/credentials.ts';
import { EXPLAIN } from '../guard/may-explain.ts';
import type { RouteConfig } from '../routes-config.ts';

/** Of one connection, not of a message (RFC 9110, 7.6.1). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Of a request, what is said anew to the next server. */
const SAID_ANEW: ReadonlySet<string> = new Set(['expect', 'forwarded', 'host', 'via', 'x-real-ip']);

/** What is secret between a client and the gateway. */
const FOR_US: ReadonlySet<string> = new Set([EXPLAIN, 'cache-explain', 'cost-explain']);

/** What a request says to the upstream besides what its client said. */
export interface Added {
  /** Of who asks, as the guard found it. */
  readonly shown: Readonly<Record<string, string>>;
  /** Names and values in turn. */
  readonly forwarded: readonly string[];
  readonly rules: RouteConfig['requestHeaders'];
  readonly hasBody: boolean;
}

/** Names and values in turn, of a request as it goes to an upstream. */
export type ToUpstreamHeaders = (request: IncomingMessage, added: Added) => readonly string[];

/**
 * Makes the function that writes the headers of a request to an upstream. What the gateway itself says of a caller, a client cannot say: neither under these names nor
 * under others that some servers take for the same (`X_User_Id`).
 */
export function createToUpstreamHeaders(authentication: AuthenticationConfig): ToUpstreamHeaders {
  const { issuers, forward } = authentication;
  const credentials = [...credentialHeaders(authentication)].filter((name) => name !== 'cookie');
  const ours = new Set([...credentials, ...Object.keys(forward.claims).map((name) => name.toLowerCase())]);
  const cookies = new Set(Object.values(issuers).flatMap(({ cookie }) => cookie ?? []));

  return ({ rawHeaders, headers }, { shown, forwarded, rules, hasBody }) => {
    const ending = namesIn(headers.connection);
    const replaced = new Set([...rules.remove, ...Object.keys(rules.set)]);
    const kept = filter(rawHeaders, (name) => {
      const meant = name.replaceAll('_', '-');
      if (OF_CONNECTION.has(name) || ending.has(name) || SAID_ANEW.has(meant)) return false;
      if (ours.has(meant) || FOR_US.has(meant)) return false;
      if (meant.startsWith('x-forwarded-') || meant in shown) return false;
      return hasBody || name !== 'content-length';
    });
    const all = [...withoutCookies(kept, cookies), ...Object.entries(shown).flat(), ...forwarded];
    return [...filter(all, (name) => !replaced.has(name)), ...Object.entries(rules.set).flat()];
  };
}

/**
 * The headers of an answer as it goes to a client. @param own the gateway's, in the place of those of the upstream
 *
 * @returns names and values in turn
 */
export function toClientHeaders(
  { rawHeaders, headers }: { readonly rawHeaders: readonly string[]; readonly headers: Headers },
  own: readonly (readonly [string, string])[],
  rules: RouteConfig['responseHeaders'],
): readonly string[] {
  const ending = namesIn(headers.connection);
  const replaced = new Set([...rules.remove, ...Object.keys(rules.set), ...own.map(([name]) => name)]);
  const isCorsOurs = replaced.has('access-control-allow-origin');
  replaced.delete('vary');
  const kept = filter(rawHeaders, (name) => {
    if (OF_CONNECTION.has(name) || ending.has(name) || replaced.has(name)) return false;
    return !isCorsOurs || !name.startsWith('access-control-');
  });
  const added = own.filter(([name]) => !rules.remove.includes(name) && !(name in rules.set));
  return [...kept, ...added.flat(), ...Object.entries(rules.set).flat()];
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @param isKept told names in lower case */
function filter(pairs: readonly string[], isKept: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', value = ''] = [pairs[index], pairs[index + 1]];
    if (isKept(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** Those that end at this connection. Of a message that is framed by them, none can be named away. */
function namesIn(connection: string | readonly string[] | undefined): ReadonlySet<string> {
  if (connection === undefined) return NONE;
  const names = String(connection)
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => name !== 'content-length'));
}

const NONE: ReadonlySet<string> = new Set();

/** Tokens in cookies are the gateway's to read; `authentication.forward` says what is told of them. */
function withoutCookies(pairs: readonly string[], names: ReadonlySet<string>): readonly string[] {
  if (names.size === 0) return pairs;
  const left: string[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', value = ''] = [pairs[index], pairs[index + 1]];
    const isCookie = name.toLowerCase() === 'cookie';
    const rest = value.split(';').filter((one) => !names.has(one.split('=', 1)[0]?.trim() ?? ''));
    if (!isCookie) left.push(name, value);
    else if (rest.length > 0) left.push(name, rest.join(';').trim());
  }
  return left;
}
