import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheConfig } from '../../../gateway/cache-config.ts';
import { openStore } from '../../../gateway/store/open-store.ts';
import { startStoreLog } from '../../../gateway/telemetry/store-log.ts';
import { ConfigError } from '../../../service/config.ts';
import { ClosingStack } from '../../../service/run.ts';
import { createAuthority } from '../../support/certificates.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startTlsRedis } from '../../support/redis-tls.ts';
import { describeWithRedisServer } from '../../support/servers.ts';

const authority = createAuthority();
const ours = authority.issue('tributary');
const FILES = {
  'ca.pem': authority.certificate,
  'another-ca.pem': createAuthority('another').certificate,
  'certificate.pem': ours.certificate,
  'key.pem': ours.key,
  'another-key.pem': authority.issue('tributary').key,
  'garbage.pem': 'garbage',
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-options-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
});
afterAll(() => rmSync(directory, { recursive: true }));

const toConfig = (redis: Record<string, unknown>) =>
  cacheConfig.parse({
    redis: Object.fromEntries(
      Object.entries(redis).map(([option, value]) => [
        option,
        option.endsWith('File') ? join(directory, String(value)) : value,
      ]),
    ),
  });

describe('the options of Redis', () => {
  it.each([
    [{ caFile: 'none.pem' }, /caFile: cannot be read: ENOENT/],
    [{ caFile: 'garbage.pem' }, /caFile: .*holds no certificate in PEM/],
    [{ caFile: 'key.pem' }, /caFile: .*holds no certificate in PEM/],
    [{ certFile: 'garbage.pem', keyFile: 'key.pem' }, /certFile: .*holds no certificate in PEM/],
    [{ certFile: 'certificate.pem', keyFile: 'ca.pem' }, /keyFile: .*holds no private key/],
    [{ certFile: 'certificate.pem', keyFile: 'another-key.pem' }, /keyFile: holds another key than/],
    [{ urls: ['rediss://one', 'rediss://two'] }, /cache\.redis\.urls: .*isCluster/],
    [{ urls: ['redis://one'], caFile: 'ca.pem' }, /cache\.redis\.urls: .*rediss/],
    [{ urls: [], serverName: 'redis.test' }, /REDIS_URL: .*rediss/],
  ])('are refused at the start: %j', async (redis, message) => {
    const opening = openStore(toConfig({ urls: ['rediss://127.0.0.1:1'], ...redis }), 'redis://127.0.0.1:1');
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(message);
  });
});

describeWithRedisServer('a Redis over TLS', () => {
  let stack: ClosingStack;
  beforeEach(() => {
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());

  const open = async (redis: Record<string, unknown>) => {
    const { log, lines } = createTestLog();
    stack.add('store log', startStoreLog({ log }));
    const { url } = stack.add('redis', await startTlsRedis({ authority, wantsCertificate: true }));
    return { lines, store: stack.add('store', await openStore(toConfig({ urls: [url], ...redis }), undefined)) };
  };

  it('is used with the files that options name', async () => {
    const { store } = await open({ caFile: 'ca.pem', certFile: 'certificate.pem', keyFile: 'key.pem' });
    await store.write([{ key: 'a', value: Buffer.from('1'), ttlMs: 60_000 }]);
    expect((await store.read(['a'])).values.map(String)).toEqual(['1']);
  });

  it('is done without when nobody who is trusted signed its certificate, and the log says why', async () => {
    const { store, lines } = await open({ caFile: 'another-ca.pem' });
    await expect(store.read([])).rejects.toMatchObject({ fault: 'unavailable' });
    const line = await lines.find(/Redis is away/);
    expect(line).toMatch(/redis\.caFile says whom to trust/);
  });
});
