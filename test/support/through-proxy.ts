import type { TcpProxy } from './tcp-proxy.ts';

/** The URL of a server with a proxy before it. */
export function throughProxy(url: string, { port }: TcpProxy): string {
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  return proxied.href;
}
