import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TlsOptions } from '../../../gateway/upstream/read-tls.ts';
import { createUpstream, type UpstreamContext } from '../../../gateway/upstream/upstream.ts';
import type { UpstreamError } from '../../../gateway/upstream/upstream-error.ts';
import { ConfigError } from '../../../service/config.ts';
import { createAuthority, type TestCertificate } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { upstreamDefaults, upstreamOptions } from '../../support/upstream-options.ts';

/** A server with a certificate for `localhost`. */
async function startServer({ certificate, key }: TestCertificate): Promise<Server> {
  const server = createServer({ key, cert: certificate }, (request, response) => {
    request.resume().on('end', () => response.end('x'.repeat(200_000)));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}

async function stopServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

describe('an upstream over TLS', () => {
  const authority = createAuthority();
  let server: Server;
  const known = getCACertificates('default');
  const call = { method: 'POST', headers: {}, body: '{}' } as const;
  const open = (host: string) =>
    createUpstream(
      'one',
      upstreamOptions({
        urls: [`https://${host}:${(server.address() as AddressInfo).port}/`],
        timeoutMs: 5_000,
        connections: 2,
      }),
    );

  beforeAll(async () => {
    server = await startServer(authority.issue('localhost'));
  });
  afterAll(async () => {
    setDefaultCACertificates(known);
    await stopServer(server);
  });

  it('is refused when nobody known has signed its certificate', async () => {
    const upstream = open('localhost');
    await expect(upstream.send(call)).rejects.toMatchObject({
      fault: 'unreachable',
      cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    });
    await upstream.close();
  });

  it('answers, again and again on one connection, when somebody known has', async () => {
    setDefaultCACertificates([...known, authority.certificate]);
    const upstream = open('localhost');
    for (let time = 0; time < 3; time++) expect((await upstream.send(call)).body.length).toBe(200_000);
    await upstream.close();
  });

  it('is refused under another name than its certificate has', async () => {
    setDefaultCACertificates([...known, authority.certificate]);
    const upstream = open('127.0.0.1');
    await expect(upstream.send(call)).rejects.toMatchObject({
      fault: 'unreachable',
      cause: { code: expect.stringMatching(/ALTNAME_INVALID|ECONNREFUSED/) },
    });
    await upstream.close();
  });
});

describe('the files of `tls`', () => {
  const [authority, stranger] = [createAuthority(), createAuthority('a stranger')];
  const directory = mkdtempSync(join(tmpdir(), 'tributary-tls-'));
  const own = authority.issue('gateway');
  const files = {
    'ca.pem': authority.certificate,
    'both-cas.pem': stranger.certificate + authority.certificate,
    'stranger-ca.pem': stranger.certificate,
    'certificate.pem': own.certificate,
    'key.pem': own.key,
    ...toFiles('stranger', stranger.issue('gateway')),
    'garbage.pem': 'garbage',
  };
  type File = keyof typeof files | 'none.pem';
  type Files = { readonly [Option in keyof TlsOptions]: Option extends 'serverName' ? string : File };

  function toFiles<const Name extends string>(name: Name, { certificate, key }: TestCertificate) {
    return { [`${name}.pem`]: certificate, [`${name}-key.pem`]: key } as Record<`${Name}${'' | '-key'}.pem`, string>;
  }

  /** Has a certificate for `orders.test`, and wants one of its clients. */
  let server: Server;
  beforeAll(async () => {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    const { certificate, key } = authority.issue('orders.test');
    const options = { key, cert: certificate, ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
    server = createServer(options, (_request, response) => response.end('{"data":{}}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await stopServer(server);
    rmSync(directory, { recursive: true });
  });

  const toTls = (tls: Files): TlsOptions =>
    Object.fromEntries(
      Object.entries(tls).map(([option, value]) => [option, option === 'serverName' ? value : join(directory, value)]),
    );

  function open(tls: Files, { host = '127.0.0.1', lookup }: { host?: string } & UpstreamContext = {}) {
    const defaults = upstreamDefaults();
    const options = upstreamOptions({
      urls: [`https://${host}:${(server.address() as AddressInfo).port}/`],
      timeoutMs: 5_000,
      retry: { ...defaults.retry, retries: 0 },
      resolveIntervalMs: lookup === undefined ? 0 : 5,
      health: { ...defaults.health, isEnabled: true, intervalMs: 5 },
      tls: toTls(tls),
    });
    return createUpstream('orders', options, { ...(lookup && { lookup }) });
  }

  const CALL = { method: 'POST', headers: {}, body: '{}' } as const;
  const OURS = { certFile: 'certificate.pem', keyFile: 'key.pem' } as const;
  /** A server may say why, or just end it. */
  const ENDED = /CERTIFICATE_REQUIRED|UNKNOWN_CA|ECONNRESET|EPIPE|closed the connection/;
  const NAMED = { serverName: 'orders.test' } as const;

  it.each<Files>([
    { caFile: 'ca.pem', ...OURS, ...NAMED },
    { caFile: 'both-cas.pem', ...OURS, ...NAMED },
  ])('make both sides sure of one another: %j', async (tls) => {
    const upstream = open(tls);
    for (let time = 0; time < 3; time++) expect((await upstream.send(CALL)).body.toString()).toBe('{"data":{}}');
    await upstream.close();
  });

  it('are for checks of health too, and for each IP address of a name', async () => {
    const upstream = open({ caFile: 'ca.pem', ...OURS }, { host: 'orders.test', lookup: async () => ['127.0.0.1'] });
    await until(() => upstream.look()[0]?.ip === '127.0.0.1');
    expect((await upstream.send(CALL)).status).toBe(200);
    await upstream.close();
    const ill = open({ caFile: 'ca.pem' }, { host: 'orders.test', lookup: async () => ['127.0.0.1'] });
    await until(() => ill.look()[0]?.isHealthy === false);
    await ill.close();
  });

  it.each<[string, Files, string | RegExp]>([
    ['has no certificate for a server that wants one', { caFile: 'ca.pem', ...NAMED }, ENDED],
    [
      'has a certificate that the server does not trust',
      { caFile: 'ca.pem', certFile: 'stranger.pem', keyFile: 'stranger-key.pem', ...NAMED },
      ENDED,
    ],
    ['trusts another authority', { caFile: 'stranger-ca.pem', ...OURS, ...NAMED }, /UNABLE_TO_VERIFY|SELF_SIGNED/],
    ['trusts what the machine trusts', { ...OURS, ...NAMED }, /UNABLE_TO_VERIFY|SELF_SIGNED/],
    ['expects another name', { caFile: 'ca.pem', ...OURS, serverName: 'users.test' }, /ALTNAME_INVALID/],
    ['expects the address as the name', { caFile: 'ca.pem', ...OURS }, /ALTNAME_INVALID/],
  ])('refuse a connection of one that %s', async (_title, tls, code) => {
    const upstream = open(tls);
    const error = await upstream.send(CALL).catch((thrown: UpstreamError) => thrown);
    expect(error).toMatchObject({ name: 'UpstreamError', fault: 'unreachable' });
    const { cause } = error as { readonly cause: NodeJS.ErrnoException };
    expect(cause.code ?? cause.message).toMatch(code);
    await upstream.close();
  });

  it.each<[Files, RegExp]>([
    [{ caFile: 'none.pem' }, /upstream\.orders\.tls\.caFile: cannot be read: ENOENT.*none\.pem/],
    [{ caFile: 'garbage.pem' }, /tls\.caFile: .*garbage\.pem holds no certificate/],
    [{ caFile: 'key.pem' }, /tls\.caFile: .*key\.pem holds no certificate/],
    [{ certFile: 'certificate.pem', keyFile: 'ca.pem' }, /tls\.keyFile: .*ca\.pem holds no private key/],
    [{ certFile: 'certificate.pem', keyFile: 'stranger-key.pem' }, /tls\.keyFile: holds another key than/],
    [{ certFile: 'certificate.pem' }, /tls\.keyFile: is needed together with certFile/],
    [{ keyFile: 'key.pem' }, /tls\.certFile: is needed together with keyFile/],
  ])('are refused when the destination is opened: %j', (tls, message) => {
    expect(() => open(tls)).toThrow(ConfigError);
    expect(() => open(tls)).toThrow(message);
  });
});
