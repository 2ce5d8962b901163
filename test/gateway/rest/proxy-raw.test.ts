import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeRaw } from '../../support/raw-request.ts';
import { type Proxied, startProxied } from './proxied.ts';

/** Bytes that servers read differently. None of them may bring an upstream more than one request, or any. */

const SMUGGLED = 'GET /a/smuggled HTTP/1.1\r\nhost: a\r\n\r\n';
const post = (lines: readonly string[], body = '') =>
  ['POST /a HTTP/1.1', 'host: a', 'connection: close', ...lines, '', body].join('\r\n');

const FRAMINGS: readonly (readonly [string, string])[] = [
  ['a length beside chunks', post(['content-length: 4', 'transfer-encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['chunks beside a length', post(['transfer-encoding: chunked', 'content-length: 4'], `0\r\n\r\n${SMUGGLED}`)],
  ['two lengths', post(['content-length: 0', `content-length: ${SMUGGLED.length}`], SMUGGLED)],
  ['two equal lengths', post(['content-length: 1', 'content-length: 1'], 'a')],
  ['a list of lengths', post([`content-length: 0, ${SMUGGLED.length}`], SMUGGLED)],
  ['a length with a sign', post(['content-length: +1'], 'a')],
  ['a length that is no number', post(['content-length: 0x1'], 'a')],
  ['another coding', post(['transfer-encoding: gzip, chunked'], '0\r\n\r\n')],
  ['a coding that is not the last one', post(['transfer-encoding: chunked, identity'], `0\r\n\r\n${SMUGGLED}`)],
  ['chunks twice', post(['transfer-encoding: chunked', 'transfer-encoding: chunked'], '0\r\n\r\n')],
  ['an unknown coding', post(['transfer-encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a coding behind a control character', post(['transfer-encoding: \x0bchunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a blank before the colon', post(['transfer-encoding : chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a folded header', post(['x-a: 1', ' transfer-encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a folded coding', post(['transfer-encoding:', ' chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a bare line feed', post(['x-a: 1\ntransfer-encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a bare carriage return', post(['x-a: 1\rtransfer-encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a NUL in a header', post(['x-a: 1\0'])],
  ['chunks in HTTP/1.0', 'POST /a HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['no host', 'GET /a HTTP/1.1\r\nconnection: close\r\n\r\n'],
  ['two hosts', 'GET /a HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n'],
  ['a host that is none', 'GET /a HTTP/1.1\r\nhost: a/b\r\nconnection: close\r\n\r\n'],
  ['a body of a GET', 'GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 1\r\n\r\na'],
  [
    'chunks of a HEAD',
    'HEAD /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a target that is an address', 'GET http://a/a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
];

const PATHS: readonly string[] = [
  ...['/a/../b', '/a/..', '/a/./b', '/a/%2e%2e/b', '/a/.%2E/b', '/a/%2e', '/a/..;/b', '/a/%2e%2e;x=1/b'],
  ...['/a%2fb', '/a%2Fb', '/a\\b', '/a%5cb', '/a%00', '/a%0d%0ax', '/a%7f', '/a//b', '//a', '/a#b', '/a%c0%af'],
];

describe('bytes that a proxy and its upstream could read differently', () => {
  let proxied: Proxied;
  beforeAll(async () => {
    proxied = await startProxied({
      routes: { all: { path: '/', upstream: 'rest' }, open: { path: '/open', upstream: 'rest' } },
    });
  });
  afterAll(() => proxied.close());

  it.each(FRAMINGS)('are refused: %s', async (_name, bytes) => {
    const before = proxied.arrived.length;
    const answer = await writeRaw(proxied.url, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(proxied.arrived).toHaveLength(before);
  });

  it.each(PATHS)('are refused: the path %s', async (path) => {
    const answer = await writeRaw(proxied.url, `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/json/);
    expect(answer).toMatch(/"code":"BAD_REQUEST"/);
    expect(proxied.arrived.map(({ url }) => url)).not.toContain(path);
  });

  it('are refused: a path that has another route for who knows no parameters of segments', async () => {
    const statuses = ['/open;x', '/open;x/a', '/open/a;x', '/a;x/open'].map(
      async (path) => (await fetch(`${proxied.url}${path}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 200, 200]);
  });

  it('are refused: a NUL in the path', async () => {
    expect(await writeRaw(proxied.url, 'GET /a\0b HTTP/1.1\r\nhost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    ['large headers', `x-a: ${'a'.repeat(20_000)}\r\n`],
    ['many headers', 'a:\r\n'.repeat(1_100)],
    ['more headers than Node reads', 'a:\r\n'.repeat(3_000)],
  ])('are refused with 431: %s', async (_name, lines) => {
    const answer = await writeRaw(proxied.url, `GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${lines}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
  });

  it('come as two requests when they are two', async () => {
    const before = proxied.arrived.length;
    const first = 'POST /a/1 HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const second = 'GET /a/2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
    const answer = await writeRaw(proxied.url, first + second);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    const came = proxied.arrived.slice(before).map(({ url, body }) => ({ url, body }));
    expect(came).toEqual([
      { url: '/a/1', body: 'abc' },
      { url: '/a/2', body: '' },
    ]);
  });
});
