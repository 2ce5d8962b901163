import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RedisTls } from '../../../gateway/store/redis-address.ts';
import { storeEvents } from '../../../gateway/store/store-events.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { createAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { startTlsRedis } from '../../support/redis-tls.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { describeStore } from './store-contract.ts';

const authority = createAuthority();
const stranger = createAuthority('a stranger');
const ours = authority.issue('tributary');
const strange = stranger.issue('tributary');
const trusted = { ca: authority.certificate };

describeWithRedisServer('a store whose Redis speaks TLS', () => {
  let shared: ClosingStack;
  let stack: ClosingStack;
  let open: RedisServer;
  let strict: RedisServer;
  let plain: RedisServer;
  let count = 0;

  beforeAll(async () => {
    shared = new ClosingStack();
    open = shared.add('open', await startTlsRedis({ authority }));
    strict = shared.add('strict', await startTlsRedis({ authority, name: 'redis.test', wantsCertificate: true }));
    plain = shared.add('plain', await startRedisServer());
  });
  afterAll(() => shared.close());
  beforeEach(() => {
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());

  const openStore = async (url: string, tls?: RedisTls, isCluster = false, prefix = `test-${count++}:`) => {
    const address = { urls: [url] as const, isCluster, tls };
    return stack.add('store', await openRedisStore({ address, prefix, readTimeoutMs: 5_000, writeTimeoutMs: 5_000 }));
  };

  describeStore('in Redis over TLS', async () => {
    const prefix = `test-${count++}:`;
    return { open: () => openStore(open.url, trusted, false, prefix), close: async () => {} };
  });

  it('shows a certificate of its own, and takes the name that it was told for the right one', async () => {
    const tls = { ...trusted, cert: ours.certificate, key: ours.key, serverName: 'redis.test' };
    const store = await openStore(strict.url, tls);
    expect(await store.read([])).toMatchObject({ values: [] });
  });

  it.each([
    ['an authority that nobody named', () => openStore(open.url), /self-signed certificate .*redis\.caFile/],
    ['another authority', () => openStore(open.url, { ca: stranger.certificate }), /self-signed .*redis\.caFile/],
    [
      'another authority, in a cluster',
      () => openStore(open.url, { ca: stranger.certificate }, true),
      /self-signed .*redis\.caFile/,
    ],
    ['another name', () => openStore(strict.url, trusted), /does not match certificate.*redis\.serverName/],
    [
      'no certificate of ours',
      () => openStore(strict.url, { ...trusted, serverName: 'redis.test' }),
      /certificate required.*redis\.certFile/s,
    ],
    [
      'a certificate of ours that it does not trust',
      () =>
        openStore(strict.url, { ...trusted, cert: strange.certificate, key: strange.key, serverName: 'redis.test' }),
      /unknown ca.*redis\.certFile/s,
    ],
    ['one that is no cluster', () => openStore(open.url, trusted, true), /cluster support disabled.*redis\.isCluster/],
    ['one that speaks no TLS', () => openStore(plain.url.replace('redis:', 'rediss:')), /ETIMEDOUT/],
    ['TLS where none is spoken', () => openStore(open.url.replace('rediss:', 'redis:')), /ECONNRESET/],
  ])('says why, and keeps nobody waiting, with %s', async (_, openIt, message) => {
    const reasons: unknown[] = [];
    const listen = (event: unknown) => void reasons.push((event as { readonly error?: unknown }).error);
    storeEvents.subscribe(listen);
    stack.add('listening', { close: async () => void storeEvents.unsubscribe(listen) });
    const store = await openIt();
    await expect(store.read([])).rejects.toMatchObject({ fault: 'unavailable' });
    await until(() => reasons.some((reason) => message.test(String(reason))));
  });
});

describeWithRedisServer('a cluster over TLS', () => {
  const stack = new ClosingStack();
  afterAll(() => stack.close());

  it('is asked by the names in its addresses, and goes on by those it tells', async () => {
    const busPort = await freePort();
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--tls-cluster', 'yes'];
    const names = ['--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'];
    const server = stack.add(
      'node',
      await startTlsRedis({ authority, name: 'localhost', options: [...cluster, ...names] }),
    );
    const at = new URL(server.url);
    const raw = new Redis({ port: Number(at.port), host: 'localhost', tls: trusted });
    stack.add('raw', { close: async () => raw.disconnect() });
    await raw.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await until(async () => (await raw.cluster('INFO')).includes('cluster_state:ok'));
    const address = { urls: [`rediss://localhost:${at.port}`] as const, isCluster: true, tls: trusted };
    const options = { prefix: 'test:', readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };
    const store = stack.add('store', await openRedisStore({ address, ...options }));
    // On a busy machine its first attempt may have failed: what counts is that it comes to it.
    const value = { key: 'a', value: Buffer.from('1'), ttlMs: 60_000 };
    await until(() =>
      store.write([value]).then(
        () => true,
        () => false,
      ),
    );
    expect((await store.read(['a'])).values.map(String)).toEqual(['1']);
    let woken = 0;
    store.purges.onPurge(() => woken++);
    // Up to two times it is for nothing: when there is a connection, and when it listens.
    await until(async () => {
      await store.purges.purge([1], 0);
      return woken > 2;
    });
  });
});
