import { describe, expect, it } from '@jest/globals';
import { checkConfig } from '../../../gateway/check-config.ts';
import { gatewayConfig } from '../../../gateway/config.ts';
import { ConfigError, readConfig } from '../../../service/config.ts';

const REST = { path: '/a', upstream: 'rest' };

/** The problems of a configuration with these routes, by their paths. */
function problemsOf(routes: Readonly<Record<string, object>>): Readonly<Record<string, string>> {
  const environment = { GATEWAY_ROUTES: JSON.stringify(routes), GATEWAY_UPSTREAM_REST_URLS: 'http://localhost:1' };
  try {
    checkConfig(readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment }));
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ path, message }) => [path, message]));
  }
}

describe('the configuration of routes', () => {
  it('is taken when each leads somewhere', () => {
    const routes = {
      a: REST,
      b: { ...REST, isExact: true },
      c: { ...REST, path: '/' },
      d: { ...REST, path: '/b/c.d' },
    };
    expect(problemsOf(routes)).toEqual({});
    expect(problemsOf({ a: { ...REST, methods: ['GET'] }, b: { ...REST, methods: ['POST'] } })).toEqual({});
  });

  it.each([
    ['an upstream without addresses', { ...REST, upstream: 'other' }, 'routes.a.upstream', /upstream\.other\.urls/],
    ['the path of the graph', { ...REST, path: '/graphql' }, 'routes.a.path', /where GraphQL is/],
    ['a path without a slash', { ...REST, path: 'a' }, 'routes.a.path', /must be a path/],
    ['a path with a slash at its end', { ...REST, path: '/a/' }, 'routes.a.path', /must be a path/],
    ['a path that is resolved', { ...REST, path: '/a/../b' }, 'routes.a.path', /segment/],
    [
      'two answers for the path',
      { ...REST, stripPrefix: true, rewrite: '/b' },
      'routes.a.stripPrefix',
      /leave one out/,
    ],
    ['a method that is not passed on', { ...REST, methods: ['TRACE'] }, 'routes.a.methods.0', /not passed on/],
    ['a caller that nobody can be', { ...REST, requires: { authenticated: true } }, 'routes.a.requires', /issuers/],
    [
      'a header of the connection',
      { ...REST, requestHeaders: { remove: ['Transfer-Encoding'] } },
      'routes.a.requestHeaders.remove.0',
      /cannot travel on/,
    ],
    [
      'a header of two lines',
      { ...REST, requestHeaders: { set: { 'x-a': 'a\nb' } } },
      'routes.a.requestHeaders.set.x-a',
      /printable ASCII/,
    ],
  ])('is refused with %s', (_name, route, path, message) => {
    expect(problemsOf({ a: route })).toEqual({ [path]: expect.stringMatching(message) });
  });

  it('is refused with a route that never gets a request', () => {
    expect(problemsOf({ a: REST, b: { ...REST, methods: ['GET'] } })).toEqual({
      'routes.b.path': expect.stringMatching(/"a"/),
    });
  });
});
