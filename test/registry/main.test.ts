import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readBlocks, runBlocks } from '../support/page-blocks.ts';
import { copyPostgresTemplate } from '../support/postgres-template.ts';
import { startProcess } from '../support/process.ts';
import { describeOnPostgresServer } from '../support/servers.ts';
import { startRegistryProcess } from './support/registry-process.ts';

describe('npm run registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-registry-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps all in its own folder without a database, and goes on with it and with its backup at the next start', async () => {
    // That it makes one in an empty folder is what `npm start` shows.
    const dataDir = join(folder, '.data');
    copyPostgresTemplate(dataDir);
    const environment = { TRIBUTARY_DATA_DIR: dataDir, REGISTRY_ADMIN_KEY: '' };
    const first = await startRegistryProcess(environment);
    const key = readFileSync(join(dataDir, 'registry-admin-key'), 'utf8').trim();
    expect(first.process.output.all.filter((line) => line.includes('registry-admin-key'))).toHaveLength(1);
    expect(first.process.output.all.filter((line) => line.includes(key))).toEqual([]);
    expect(await first.served(key)).toMatchObject({ status: 404 });
    expect(await (await fetch(`${first.url}/ready`)).json()).toEqual({ status: 'ready', database: 'answers' });
    first.process.kill('SIGTERM');
    expect(await first.process.exitCode).toBe(0);

    // As docs/registry.md has it.
    const [backup = '', ...others] = readBlocks('registry.md', 'sh').filter((block) => block.includes('tar --create'));
    expect(others).toEqual([]);
    expect(await runBlocks([backup], { folder, environment: { PATH: process.env.PATH } })).toEqual({
      ...{ exitCode: 0, printed: [''] },
    });

    const restored = join(folder, 'restored/.data');
    const second = await startRegistryProcess({ TRIBUTARY_DATA_DIR: restored });
    expect(await second.served(key)).toMatchObject({ status: 404 });
    await second.publish('users', 'type Query { me: Int }');
    // As a machine that fails.
    await second.close();

    const third = await startRegistryProcess({ TRIBUTARY_DATA_DIR: restored });
    expect(await third.served()).toMatchObject({ status: 200, id: expect.stringMatching(/^1:/) });
    third.process.kill('SIGTERM');
    expect(await third.process.exitCode).toBe(0);
  }, 120_000);

  it('tells all that is wrong with its options at once', async () => {
    const { exitCode, output } = startProcess('registry/main.ts', {
      environment: { REGISTRY_HTTP_PORT: 'x', REGISTRY_GRAPHS: 'a b', DATABASE_URL: 'mysql://x' },
    });
    expect(await exitCode).toBe(1);
    const text = output.all.join('\n');
    for (const path of ['http.port', 'graphs', 'database.url']) expect(text).toContain(path);
  });
});

describeOnPostgresServer('npm run registry', (create) => {
  it('comes up on a Postgres server, and stops when it is told to', async () => {
    const database = await create();
    const registry = await startRegistryProcess({ DATABASE_URL: database.url });
    expect(await (await fetch(`${registry.url}/ready`)).json()).toEqual({ status: 'ready', database: 'answers' });
    registry.process.kill('SIGTERM');
    expect(await registry.process.exitCode).toBe(0);
    await database.close();
  }, 60_000);
});
