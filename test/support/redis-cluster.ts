import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** A Redis Cluster of three servers of a test's own, without replicas. */
export interface RedisCluster {
  readonly urls: readonly [string, ...string[]];
  close(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    for (let node = 0; node < 3; node++) servers.push(await startRedisServer(undefined, undefined, CLUSTER));
    const addresses = servers.map(({ url }) => url.replace('redis://', ''));
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
    await Promise.all(servers.map(({ url }) => until(() => isReady(url))));
  } catch (error) {
    await close();
    throw error;
  }
  const [first = '', ...others] = servers.map(({ url }) => url);
  return { urls: [first, ...others], close };
}

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];

async function isReady(url: string): Promise<boolean> {
  const redis = new Redis(url);
  try {
    return String(await redis.cluster('INFO')).includes('cluster_state:ok');
  } finally {
    redis.disconnect();
  }
}
