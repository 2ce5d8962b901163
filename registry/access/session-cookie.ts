import type { IncomingHttpHeaders } from 'node:http';

/** A browser sends cookies to all ports of a host: what is in this one is of use at the registry alone. */
const NAME = 'tributary_registry_session';

/**
 * What the console's own requests have, and no page of another origin can send: a header that is not of the simple ones needs the
 * registry's leave (Fetch, "CORS-preflight fetch"), which is given to nobody. `SameSite` keeps out other sites; this keeps out
 * what is served on other ports of the same host.
 */
const CONSOLE_HEADER = 'x-tributary-console';

/** Whether a page of the console has sent it. */
export function isOfConsole(headers: IncomingHttpHeaders): boolean {
  return headers[CONSOLE_HEADER] !== undefined;
}

/** The session that the console sends; none with requests of anybody else, whatever cookie they bring. */
export function readSessionToken(headers: IncomingHttpHeaders): string | undefined {
  if (!isOfConsole(headers)) return undefined;
  const pair = (headers.cookie ?? '').split(/; */).find((one) => one.startsWith(`${NAME}=`));
  return pair?.slice(NAME.length + 1) || undefined;
}

/**
 * The value of `set-cookie` (RFC 6265bis): no script reads it, no other site sends it.
 *
 * @param token none to have it forgotten
 * @param isSecure whether people reach the registry by HTTPS
 */
export function writeSessionCookie(
  token: string | undefined,
  { isSecure, lastsMs }: { readonly isSecure: boolean; readonly lastsMs: number },
): string {
  const age = token === undefined ? 0 : Math.floor(lastsMs / 1_000);
  return `${NAME}=${token ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
