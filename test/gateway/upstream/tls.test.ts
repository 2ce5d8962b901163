import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createUpstream } from '../../../gateway/upstream/upstream.ts';
import { createAuthority, type TestCertificate } from '../../support/certificates.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

/** A server with a certificate for `localhost`. */
async function startServer({ certificate, key }: TestCertificate): Promise<Server> {
  const server = createServer({ key, cert: certificate }, (request, response) => {
    request.resume().on('end', () => response.end('x'.repeat(200_000)));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
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
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
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
