import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import type { RedisClientOptions } from './redis-options.ts';
import { publishStoreEvent } from './store-events.ts';

/** A client of one Redis or of a cluster. */
export type RedisClient = Redis | Cluster;

/** Opens a client. It connects, and reconnects for ever, by itself. */
export function openRedisClient({ nodes, redis, cluster }: RedisClientOptions, name: string): RedisClient {
  const client =
    cluster === undefined
      ? new Redis({ ...redis, ...nodes[0], connectionName: name })
      : new Cluster([...nodes], { ...cluster, redisOptions: { ...cluster.redisOptions, connectionName: name } });
  publishOutages(client);
  return client;
}

/** Opens a client that only listens: it waits for its connection, and subscribes again by itself. */
export function openSubscriber(options: RedisClientOptions): RedisClient {
  const { socketTimeout, ...redis } = options.redis;
  const waiting = { enableOfflineQueue: true, maxRetriesPerRequest: null } as const;
  const { socketTimeout: _, ...ofNodes } = options.cluster?.redisOptions ?? {};
  return openRedisClient(
    {
      nodes: options.nodes,
      redis: { ...redis, ...waiting },
      cluster: options.cluster && { ...options.cluster, enableOfflineQueue: true, redisOptions: ofNodes },
    },
    'tributary-purges',
  );
}

/** Waits for the connection, but not longer than a time: whoever starts goes on without. */
export async function connected(client: RedisClient, timeoutMs: number): Promise<void> {
  if (client.status === 'ready') return;
  const signal = AbortSignal.timeout(timeoutMs);
  await once(client, 'ready', { signal }).catch(() => undefined);
}

function publishOutages(client: RedisClient): void {
  let isUp: boolean | undefined;
  const tell = (next: boolean, error?: unknown) => {
    if (isUp === next || client.status === 'end') return;
    isUp = next;
    publishStoreEvent({ kind: 'connection', isUp, ...(error === undefined ? {} : { error }) });
  };
  client.on('error', (error: unknown) => tell(false, error));
  client.on('reconnecting', () => tell(false));
  client.on('ready', () => tell(true));
}
