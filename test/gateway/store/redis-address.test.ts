import { expect, it } from '@jest/globals';
import { type RedisAddress, readRedisAddress } from '../../../gateway/store/redis-address.ts';

const SECRET = 'a%25secret';

it.each([
  ['redis://cache', { nodes: [{ host: 'cache', port: 6379 }], database: 0, tls: undefined }],
  ['redis://[::1]:7000/3', { nodes: [{ host: '::1', port: 7000 }], database: 3, tls: undefined }],
  ['redis://:p%40ss@cache', { username: undefined, password: 'p@ss' }],
  ['rediss://us%3Aer:p%40ss@cache:1/', { username: 'us:er', password: 'p@ss', tls: {} }],
])('reads %s', (url, expected) => {
  expect(readRedisAddress({ urls: [url] })).toMatchObject(expected);
});

it('takes user and password that are given besides instead of those in the address', () => {
  const address = { urls: ['redis://user:password@cache'] as const, username: 'another', password: 'secret' };
  expect(readRedisAddress(address)).toMatchObject({ username: 'another', password: 'secret' });
});

it('takes some nodes of a cluster', () => {
  const urls = ['rediss://:p@one:1', 'rediss://:p@two:2'] as const;
  const nodes = [
    { host: 'one', port: 1 },
    { host: 'two', port: 2 },
  ];
  expect(readRedisAddress({ urls, isCluster: true })).toMatchObject({ nodes, password: 'p' });
});

it.each<[string, RedisAddress, RegExp]>([
  ['another scheme', { urls: ['http://cache'] }, /not the URL/],
  ['no URL', { urls: [SECRET] }, /not the URL/],
  ['a path that is no database', { urls: [`redis://:${SECRET}@cache/main`] }, /number of a database/],
  ['a % that is none', { urls: ['redis://:100%@cache'] }, /percent-encoded/],
  ['a user without a password', { urls: ['redis://user@cache'] }, /needs a password/],
  ['several servers', { urls: [`redis://:${SECRET}@one`, `redis://:${SECRET}@two`] }, /isCluster/],
  ['nodes that differ', { urls: ['redis://one', `redis://:${SECRET}@two`], isCluster: true }, /host and port alone/],
  ['nodes of which one is not encrypted', { urls: ['rediss://one', 'redis://two'], isCluster: true }, /host and port/],
  ['a database of a cluster', { urls: [`redis://:${SECRET}@one/1`], isCluster: true }, /no database/],
  ['options of TLS without it', { urls: [`redis://:${SECRET}@one`], tls: { ca: 'x' } }, /rediss:\/\//],
])('refuses %s, and tells no password', (_, address, message) => {
  expect(() => readRedisAddress(address)).toThrow(TypeError);
  expect(() => readRedisAddress(address)).toThrow(message);
  expect(() => readRedisAddress(address)).not.toThrow(/secret/);
});
