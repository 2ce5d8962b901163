import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { type Gateway, type Mode, ours } from './gateways.ts';
import { ROOT } from './process.ts';

/** What passes requests on to REST services, each with two addresses: `/bytes` and `/taken` to one that is quick, `/files` to one for large bodies. */

export const NGINX = 'nginx';
export const HTTP_PROXY = 'fastify http-proxy';
export const PROXY = 'tributary';
export const GUARDED_PROXY = 'tributary guarded';

/** `HOST:PORT` of each address. */
export interface PassingTo {
  readonly quick: readonly string[];
  readonly large: readonly string[];
}

/** All of them, in the order of the rounds; some may not be installed. */
export const proxiesOf = (services: PassingTo): readonly Gateway[] => [
  nginx(services),
  httpProxy(services),
  tributary(PROXY, { shares: [true, true, true], keptIn: 'nothing' }, services),
  tributary(GUARDED_PROXY, { shares: [true, true, true], keptIn: 'nothing', guarding: 'slices' }, services),
];

/** Ours as it comes: deadline, limit, retry, balance, breaker, and rules for headers; or with tokens, scopes and rate limits, too. */
function tributary(name: string, mode: Mode, { quick, large }: PassingTo): Gateway {
  const rules = { requestHeaders: { set: { 'x-source': 'gateway' } }, responseHeaders: { remove: ['server'] } };
  const requires = mode.guarding === undefined ? {} : { requires: { authenticated: true, scopes: [['profile']] } };
  const to = (path: string, upstream: string) => ({ path, upstream, timeoutMs: 30_000, ...rules, ...requires });
  const routes = { bytes: to('/bytes', 'quick'), taken: to('/taken', 'quick'), files: to('/files', 'large') };
  const urls = (addresses: readonly string[]) => addresses.map((address) => `http://${address}`).join();
  const environment = {
    GATEWAY_ROUTES: JSON.stringify(routes),
    GATEWAY_UPSTREAM_QUICK_URLS: urls(quick),
    GATEWAY_UPSTREAM_LARGE_URLS: urls(large),
  };
  return ours(name, mode, { environment });
}

/** Debian's, in one process: a master beside it would do nothing. Bodies go by as they come, and none of them to disk. */
function nginx({ quick, large }: PassingTo): Gateway {
  const upstream = (name: string, addresses: readonly string[]) =>
    `upstream ${name} { ${addresses.map((address) => `server ${address};`).join(' ')} keepalive 256; keepalive_requests 1000000000; }`;
  return {
    name: NGINX,
    file: '/usr/sbin/nginx',
    launch: async ({ directory }) => {
      const folder = join(directory, 'nginx');
      mkdirSync(folder, { recursive: true });
      const port = await freePort();
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (of) => `${of}_temp_path ${folder}/${of};`,
      );
      const text = `
        daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;
        events { worker_connections 2048; }
        http {
          access_log off; tcp_nodelay on; client_max_body_size 0; keepalive_requests 1000000000; ${temporary.join(' ')}
          ${upstream('quick', quick)} ${upstream('large', large)}
          server {
            listen 127.0.0.1:${port};
            proxy_http_version 1.1; proxy_set_header connection ""; proxy_request_buffering off; proxy_max_temp_file_size 0;
            proxy_set_header x-forwarded-for $proxy_add_x_forwarded_for; proxy_set_header x-forwarded-proto $scheme;
            proxy_set_header x-source gateway;
            location /bytes/ { proxy_pass http://quick; }
            location /taken { proxy_pass http://quick; }
            location /files/ { proxy_pass http://large; }
          }
        }`;
      writeFileSync(join(folder, 'nginx.conf'), text);
      return {
        command: ['/usr/sbin/nginx', '-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-p', folder],
        // It says no address, but when it is ready.
        address: /using the "epoll" event method()/,
        path: `http://127.0.0.1:${port}`,
      };
    },
  };
}

/** Fastify's proxy, which takes one address. */
function httpProxy({ quick, large }: PassingTo): Gateway {
  return {
    name: HTTP_PROXY,
    file: join(ROOT, 'test/bench/node_modules/@fastify/http-proxy/package.json'),
    launch: () => ({
      command: ['node', 'test/bench/targets/http-proxy.ts', quick[0] ?? '', large[0] ?? ''],
      environment: { NODE_ENV: 'production' },
      address: /listening (\S+)/,
    }),
  };
}
