import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'tributary:*:the-administrator-of-this-machine';

describe('npm run publish without APOLLO_KEY', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-publish-'));
  const keys: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    keys.push(headers['x-api-key']);
    response.end('{}');
  });
  beforeAll(async () => {
    writeFileSync(join(dataDir, 'registry-admin-key'), `${SECRET}\n`);
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });
  afterAll(async () => {
    rmSync(dataDir, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
  });

  const publishTo = (registryUrl: string) => {
    const { APOLLO_KEY: _, ...environment } = process.env;
    const env = { ...environment, APOLLO_REGISTRY_URL: registryUrl, TRIBUTARY_DATA_DIR: dataDir };
    return new Promise<string>((resolve) => {
      execFile(process.execPath, ['scripts/publish.ts', 'orders'], { cwd: ROOT, env }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  };

  it.each(['http://registry.example.com/graphql', 'http://127.0.0.1.example.com/', 'http://127.0.0.1@example.com/'])(
    'sends the key of the administrator of this machine not to %s',
    async (url) => {
      expect(await publishTo(url)).toContain('There is no APOLLO_KEY: set it to a key of the registry at');
    },
  );

  it('sends it to a registry here', async () => {
    await publishTo(`http://localhost:${(server.address() as AddressInfo).port}/graphql`);
    expect(new Set(keys)).toEqual(new Set([SECRET]));
  });
});
