import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestAuthority } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export interface TlsRedisOptions {
  /** Signs its certificate, and those of clients that it takes. */
  readonly authority: TestAuthority;
  /** Of its certificate; `127.0.0.1`, where it is, by default. */
  readonly name?: string;
  readonly wantsCertificate?: boolean;
  /** More of its command line. */
  readonly options?: readonly string[];
}

/** Starts a Redis that speaks TLS alone. */
export async function startTlsRedis(given: TlsRedisOptions): Promise<RedisServer> {
  const { authority, name = '127.0.0.1', wantsCertificate = false, options = [] } = given;
  const directory = mkdtempSync(join(tmpdir(), 'tributary-tls-'));
  const write = (file: string, text: string) => {
    const path = join(directory, file);
    writeFileSync(path, text);
    return path;
  };
  const { certificate, key } = authority.issue(name);
  const port = await freePort();
  const files = ['--tls-cert-file', write('certificate.pem', certificate), '--tls-key-file', write('key.pem', key)];
  const clients = ['--tls-ca-cert-file', write('ca.pem', authority.certificate)];
  const wants = ['--tls-auth-clients', wantsCertificate ? 'yes' : 'no'];
  const ports = ['--port', '0', '--tls-port', String(port)];
  const server = await startRedisServer(port, undefined, [...ports, ...files, ...clients, ...wants, ...options]);
  return {
    ...server,
    url: server.url.replace('redis:', 'rediss:'),
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
