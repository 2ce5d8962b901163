import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What is said of where a request came from, as names and values in turn. @param isTrusted whether who connects is a proxy whose word is taken */
export function toForwarded({ headers, socket, httpVersion }: IncomingMessage, isTrusted: boolean): readonly string[] {
  const said = isTrusted ? headers : {};
  const address = toPlain(socket.remoteAddress ?? 'unknown');
  const chain = [...toList(said['x-forwarded-for']), address];
  const host = toText(said['x-forwarded-host']) ?? headers.host ?? '';
  const proto = toText(said['x-forwarded-proto']) ?? 'http';
  // RFC 7239 is made of what proxies say in the other form: one that writes only that lets a client's own `forwarded` through.
  const before = chain.slice(0, -1).map(toNode);
  const last = [toNode(address), ...(host === '' ? [] : [`host=${quote(host)}`]), `proto=${quote(proto)}`].join(';');
  return [
    ...['forwarded', [...before, last].join(', ')],
    ...['x-forwarded-for', chain.join(', ')],
    ...['x-forwarded-proto', proto],
    ...(host === '' ? [] : ['x-forwarded-host', host]),
    ...['via', [...toList(headers.via), `${httpVersion} ${PSEUDONYM}`].join(', ')],
  ];
}

/** By which the gateway goes in `via` (RFC 9110, 7.6.3). */
export const PSEUDONYM = 'tributary';

/** IPv4 in IPv6 is IPv4. */
function toPlain(address: string): string {
  return /^::ffff:[\d.]+$/i.test(address) ? address.slice(7) : address;
}

/** As RFC 7239, 6 wants it: what is no address is a name that begins with an underscore. */
function toNode(address: string): string {
  const kind = isIP(address);
  if (kind === 0) return `for=${quote(/^[\w.:[\]-]+$/.test(address) ? address : 'unknown')}`;
  return kind === 6 ? `for="[${address}]"` : `for=${address}`;
}

function quote(text: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

type Value = string | readonly string[] | undefined;

function toText(value: Value): string | undefined {
  const text = typeof value === 'string' ? value : value?.join(', ');
  return text === '' ? undefined : text;
}

function toList(value: Value): readonly string[] {
  return (toText(value) ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
}
