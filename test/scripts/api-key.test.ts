import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { gatewayConfig } from '../../gateway/config.ts';
import { createFindApiKey } from '../../gateway/guard/api-keys.ts';
import { startProcess } from '../support/process.ts';

async function make(...args: readonly string[]) {
  const kit = startProcess('scripts/api-key.ts', { args });
  return { code: await kit.exitCode, output: kit.output.all };
}

it('makes a key and the options by which the gateway knows it', async () => {
  const { code, output } = await make('billing: eu', '--scopes', 'invoices:read,invoices:write');
  expect(code).toBe(0);
  const key = output.find((line) => line.includes('tributary_'))?.trim() ?? '';
  const yaml = output.slice(output.indexOf('authentication:')).join('\n');
  const { apiKeys } = gatewayConfig.parse(parse(yaml)).authentication;
  expect(createFindApiKey(apiKeys)(key)).toMatchObject({
    kind: 'api key',
    subject: 'billing: eu',
    scopes: new Set(['invoices:read', 'invoices:write']),
    roles: new Set(),
  });
  expect(Buffer.from(key.replace('tributary_', ''), 'base64url').length).toBe(32);
  expect(yaml).not.toContain(key);
});

it.each([[[]], [['one', 'two']], [['one', '--scope', 'a']]])('says how it is used when it gets %j', async (args) => {
  const { code, output } = await make(...args);
  expect([code, output.join('\n')]).toEqual([1, expect.stringContaining('Usage: npm run api-key')]);
});
