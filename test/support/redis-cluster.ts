import { Redis } from 'ioredis';
import { ClosingStack, type Running } from '../../service/run.ts';
import { freePort } from './free-port.ts';
import { haveAcknowledged } from './redis-replicas.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { until } from './until.ts';

/** A Redis Cluster of three servers of a test's own, and as many replicas if it likes. */
export interface RedisCluster extends Running {
  readonly urls: readonly [string, ...string[]];
  readonly masters: readonly RedisNode[];
  /** Each has the data of the master in the same place. */
  readonly replicas: readonly RedisNode[];
}

/** One server of a cluster. */
export interface RedisNode extends RedisServer {
  /** A connection for the test itself. */
  readonly raw: Redis;
  readonly port: number;
  /** Where it talks to the others. */
  readonly busPort: number;
  /** How the others call it. */
  readonly id: string;
}

export interface RedisClusterOptions {
  readonly hasReplicas?: boolean;
  /** More of each server's command line. */
  readonly options?: readonly string[];
}

const SLOTS = 16_384;

/** Starts it, and waits until it is whole and replicas have all there is. A master that is silent for a second loses its place to its replica. */
export async function startRedisCluster(given: RedisClusterOptions = {}): Promise<RedisCluster> {
  const stack = new ClosingStack();
  const nodes: RedisNode[] = [];
  try {
    const count = given.hasReplicas ? 6 : 3;
    for (let node = 0; node < count; node++) nodes.push(await startNode(stack, given));
    const [masters, replicas] = [nodes.slice(0, 3), nodes.slice(3)];
    for (const [index, { raw }] of masters.entries()) {
      const [from, to] = [0, 1].map((more) => Math.floor(((index + more) * SLOTS) / 3)) as [number, number];
      await raw.cluster(
        'ADDSLOTS',
        Array.from({ length: to - from }, (_, slot) => from + slot) as [number, ...number[]],
      );
      await raw.cluster('SET-CONFIG-EPOCH', index + 1);
    }
    const [first] = nodes;
    for (const { port, busPort } of nodes.slice(1))
      await first?.raw.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    await until(() =>
      all(nodes, async ({ raw }) => (await raw.cluster('INFO')).includes(`cluster_known_nodes:${count}`)),
    );
    for (const [index, { raw }] of replicas.entries()) await raw.cluster('REPLICATE', masters[index]?.id ?? '');
    await until(() => all(nodes, async ({ raw }) => (await raw.cluster('INFO')).includes('cluster_state:ok')));
    if (replicas.length > 0) await Promise.all(masters.map(({ raw }) => haveAcknowledged(raw)));
    const [url = '', ...others] = nodes.map((node) => node.url);
    return { urls: [url, ...others], masters, replicas, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function startNode(stack: ClosingStack, { options = [] }: RedisClusterOptions): Promise<RedisNode> {
  const [port, busPort] = [await freePort(), await freePort()];
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '1000'];
  const replication = ['--repl-diskless-sync-delay', '0', '--cluster-replica-validity-factor', '0'];
  const server = stack.add('node', await startRedisServer(port, undefined, [...cluster, ...replication, ...options]));
  const raw = new Redis(server.url, { disconnectTimeout: 100 });
  // A node that a test stops is no news.
  raw.on('error', () => undefined);
  stack.add('connection', { close: async () => raw.disconnect() });
  return { ...server, raw, port, busPort, id: (await raw.cluster('MYID')) as string };
}

async function all<T>(items: readonly T[], condition: (item: T) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(items.map(condition))).every(Boolean);
}
