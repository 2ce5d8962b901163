import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { administratorKeyFile } from '../../registry/access/administrator.ts';
import { createKeys } from '../../registry/access/keys.ts';
import { type RunningRegistry, startRegistry } from '../../registry/app.ts';
import { registryConfig } from '../../registry/config.ts';
import { createTestLog } from '../support/log-lines.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';
import { type OpenRegistry, openRegistry } from './support/open-registry.ts';

describeOnEachPostgres('the registry', (kind) => {
  let database: TestDatabase;
  let rooms: OpenRegistry;
  let dataDir: string;
  const { log, lines } = createTestLog();

  beforeAll(async () => {
    database = await kind.create();
    rooms = await openRegistry(database.url);
    dataDir = mkdtempSync(join(tmpdir(), 'tributary-registry-'));
  });
  afterAll(async () => {
    await rooms.close();
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  async function withRegistry(options: object, work: (registry: RunningRegistry) => Promise<void>): Promise<void> {
    const config = registryConfig.parse({ http: { port: 0 }, dataDir, ...options });
    const registry = await startRegistry(config, log, {
      ...{ url: database.url, isEmbedded: kind.name === 'embedded Postgres' },
    });
    try {
      await work(registry);
    } finally {
      await registry.close();
    }
  }
  const identify = (secret: string) => createKeys({ database: rooms.database }).identify(secret);

  it('lives, is ready, and has the graphs of its configuration', async () => {
    await withRegistry({ graphs: ['one', 'two'] }, async ({ url }) => {
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
      expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready', database: 'answers' });
    });
    await rooms.current.refreshAll();
    expect(['one', 'two', 'three'].map((id) => rooms.current.isKnown(id))).toEqual([true, true, false]);
  });

  it('has made an administrator at its first start, and no other at the next', async () => {
    const secret = readFileSync(administratorKeyFile(dataDir), 'utf8').trim();
    expect(statSync(administratorKeyFile(dataDir)).mode & 0o777).toBe(0o600);
    expect(await identify(secret)).toMatchObject({
      name: expect.stringMatching(/^administrator \([\da-f]{8}\)$/),
      verbs: ['admin'],
      graphId: null,
    });
    await withRegistry({}, async () => undefined);
    // Logs are sent elsewhere: they say where it is.
    expect(lines.all.filter((line) => line.includes(secret))).toEqual([]);
    expect(lines.all.filter((line) => line.includes(administratorKeyFile(dataDir)))).toHaveLength(1);
    expect(readFileSync(administratorKeyFile(dataDir), 'utf8').trim()).toBe(secret);
  });

  it("takes the administrator's key of the configuration, in place of the one before", async () => {
    await withRegistry({ adminKey: 'a-key-of-our-own-1' }, async () => undefined);
    expect(await identify('a-key-of-our-own-1')).toMatchObject({ verbs: ['admin'] });
    await withRegistry({ adminKey: 'a-key-of-our-own-2' }, async () => undefined);
    expect(await identify('a-key-of-our-own-1')).toBeUndefined();
    expect(await identify('a-key-of-our-own-2')).toMatchObject({ verbs: ['admin'] });
  });

  it('takes the key of gateways of the configuration, which reads and reports, in place of the one before', async () => {
    await withRegistry({ gatewayKey: 'a-key-of-gateways-1' }, async () => undefined);
    expect(await identify('a-key-of-gateways-1')).toMatchObject({ verbs: ['read', 'report'], graphId: null });
    await withRegistry({ gatewayKey: 'a-key-of-gateways-2' }, async () => undefined);
    expect(await identify('a-key-of-gateways-1')).toBeUndefined();
    expect(await identify('a-key-of-gateways-2')).toMatchObject({
      name: expect.stringMatching(/^gateways \(/),
      verbs: ['read', 'report'],
    });
  });

  it('makes an administrator when there is none any more that has not expired', async () => {
    const before = readFileSync(administratorKeyFile(dataDir), 'utf8').trim();
    await rooms.database.query.execute(`update registry.key set expires_at = now() - interval '1 minute'`);
    await withRegistry({}, async () => undefined);
    const secret = readFileSync(administratorKeyFile(dataDir), 'utf8').trim();
    expect(secret).not.toBe(before);
    expect(await identify(before)).toBeUndefined();
    expect(await identify(secret)).toMatchObject({
      name: expect.stringMatching(/^administrator \(/),
      verbs: ['admin'],
      graphId: null,
    });
  });

  it('refuses one key for both: the gateways would have all rights, or the administrator none', async () => {
    const [adminKey, gatewayKey] = ['one-key-for-both', 'one-key-for-both'];
    await expect(withRegistry({ adminKey, gatewayKey }, async () => undefined)).rejects.toThrow(
      'must be another than adminKey',
    );
  });
});
