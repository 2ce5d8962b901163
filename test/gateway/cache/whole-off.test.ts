import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startProcess } from '../../support/process.ts';
import { composeOrThrow, postQuery } from '../../support/test-gateway.ts';

const HOOK = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { console.log('loaded ' + url); return next(url, context); } });
`;

let directory: string;
let loaded: Readonly<Record<'off' | 'on', readonly string[]>>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-off-'));
  writeFileSync(join(directory, 'hook.mjs'), HOOK);
  const sdl = 'type Query { hello: String }';
  writeFileSync(join(directory, 'one.graphql'), composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl }]));
  const [off, on] = await Promise.all([loadedWith('off'), loadedWith('on')]);
  loaded = { off, on };
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The files of the cache that a gateway has loaded when it has answered. */
async function loadedWith(mode: string): Promise<readonly string[]> {
  const gateway = startProcess('gateway/main.ts', {
    args: ['--supergraph', join(directory, 'one.graphql'), '--listen', '127.0.0.1:0'],
    environment: {
      NODE_OPTIONS: `--import ${join(directory, 'hook.mjs')}`,
      GATEWAY_ADMIN_PORT: '0',
      GATEWAY_CACHE_MODE: mode,
    },
  });
  try {
    const { url } = JSON.parse(await gateway.output.find(/the gateway is serving/)) as { url: string };
    await postQuery(url, '{ __typename }');
    const files = gateway.output.all.filter((line) => line.startsWith('loaded '));
    expect(files.some((line) => line.includes('/gateway/pipeline.ts'))).toBe(true);
    return files.filter((line) => line.includes('/gateway/cache/'));
  } finally {
    await gateway.close();
  }
}

it('loads no file of the cache when it is off', () => {
  expect(loaded.off).toEqual([]);
});

it('loads it when it is on', () => {
  expect(loaded.on).not.toEqual([]);
});
