import type { RouteConfig } from '../routes-config.ts';
import type { Target } from './proxy-target.ts';

/** A route as requests are passed on by it. */
export interface Route extends Pick<RouteConfig, 'upstream' | 'requires' | 'requestHeaders' | 'responseHeaders'> {
  readonly name: string;
  takes(method: string): boolean;
  /** What the upstream is asked for: path and query string. */
  toUpstream(target: Target): string;
  /** In milliseconds; `undefined` for that of the upstream. */
  readonly timeoutMs: number | undefined;
}

/** What there is at a path. */
export interface Found {
  /** Those with the same path, which differ in their methods. */
  readonly routes: readonly Route[];
  /** What the `allow` header names. */
  readonly methods: readonly string[];
}

/** All that is passed on, where a route does not say. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Makes the function that finds what is at a path: an exact route before those with a prefix, and of these the longest. A method that it does not take is not
 * looked for behind a shorter one, which may ask less of a caller.
 */
export function createFindRoutes(configs: Readonly<Record<string, RouteConfig>>): (path: string) => Found | undefined {
  const exact = new Map<string, RouteEntry[]>();
  const prefixes = new Map<string, RouteEntry[]>();
  for (const [name, config] of Object.entries(configs)) {
    const places = config.isExact ? exact : prefixes;
    places.set(config.path, [...(places.get(config.path) ?? []), { config, route: toRoute(name, config) }]);
  }
  const foundOf = (entries: readonly RouteEntry[]): Found => ({
    routes: entries.map(({ route }) => route),
    methods: [...new Set(entries.flatMap(({ config }) => withHead(config.methods ?? METHODS)))],
  });
  const exactFound = new Map([...exact].map(([path, entries]) => [path, foundOf(entries)]));
  const prefixFound = new Map([...prefixes].map(([path, entries]) => [path, foundOf(entries)]));

  return (path) => {
    const found = exactFound.get(path);
    if (found !== undefined) return found;
    for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
      const below = prefixFound.get(prefix);
      if (below !== undefined) return below;
    }
    return prefixFound.get('/');
  };
}

interface RouteEntry {
  readonly config: RouteConfig;
  readonly route: Route;
}

function toRoute(name: string, config: RouteConfig): Route {
  const { path, methods, stripPrefix, rewrite, timeoutMs } = config;
  const taken = methods && new Set(withHead(methods));
  const instead = stripPrefix ? '/' : (rewrite ?? path);
  const length = path === '/' ? 0 : path.split('/').length - 1;
  return {
    ...config,
    name,
    timeoutMs,
    takes: (method) => (taken === undefined ? method !== 'TRACE' && method !== 'CONNECT' : taken.has(method)),
    toUpstream: ({ rawPath, search }) => {
      if (instead === path) return rawPath + search;
      // No segment is empty or has a slash in it, so that those of the route are the first ones.
      const rest = rawPath.split('/').slice(1 + length);
      if (rest.length === 0) return instead + search;
      return `${instead === '/' ? '' : instead}/${rest.join('/')}${search}`;
    },
  };
}

/** Who may read a resource may read its head (RFC 9110, 9.3.2). */
function withHead(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}
