import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createUpstream } from '../../../gateway/upstream/upstream.ts';

/** A server with a certificate of its own making, for `localhost`. */
async function startServer(directory: string): Promise<{ readonly server: Server; readonly certificate: string }> {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files], {
    stdio: 'ignore',
  });
  const options = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createServer(options, (request, response) => {
    request.resume().on('end', () => response.end('x'.repeat(200_000)));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return { server, certificate: options.cert.toString() };
}

describe('an upstream over TLS', () => {
  let directory: string;
  let server: Server;
  let certificate: string;
  const known = getCACertificates('default');
  const call = { method: 'POST', headers: {}, body: '{}' } as const;
  const open = (host: string) =>
    createUpstream('one', {
      urls: [`https://${host}:${(server.address() as AddressInfo).port}/`],
      timeoutMs: 5_000,
      responseLimitBytes: 1_000_000,
      connections: 2,
    });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-tls-'));
    ({ server, certificate } = await startServer(directory));
  });
  afterAll(async () => {
    setDefaultCACertificates(known);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });

  it('is refused when nobody known has signed its certificate', async () => {
    const upstream = open('localhost');
    await expect(upstream.send(call)).rejects.toMatchObject({
      fault: 'unreachable',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    await upstream.close();
  });

  it('answers, again and again on one connection, when somebody known has', async () => {
    setDefaultCACertificates([...known, certificate]);
    const upstream = open('localhost');
    for (let time = 0; time < 3; time++) expect((await upstream.send(call)).body.length).toBe(200_000);
    await upstream.close();
  });

  it('is refused under another name than its certificate has', async () => {
    setDefaultCACertificates([...known, certificate]);
    const upstream = open('127.0.0.1');
    await expect(upstream.send(call)).rejects.toMatchObject({
      fault: 'unreachable',
      cause: { code: expect.stringMatching(/ALTNAME_INVALID|ECONNREFUSED/) },
    });
    await upstream.close();
  });
});
