import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { explainConnectionError } from './connection-errors.ts';
import { CONNECT_TIMEOUT_MS, type RedisClientOptions } from './redis-options.ts';
import { publishStoreEvent, type StoreRole } from './store-events.ts';

/** A client of one Redis or of a cluster. */
export type RedisClient = Redis | Cluster;

/** Opens a client. It connects, and reconnects for ever, by itself. */
export function openRedisClient(options: RedisClientOptions, role: StoreRole, name: string): RedisClient {
  const { nodes, redis, cluster } = options;
  if (cluster === undefined) {
    const client = new Redis({ ...redis, ...nodes[0], connectionName: name });
    publishOutages(client, role, async (error) => error);
    outliveErrors(client);
    return client;
  }
  const client = new Cluster([...nodes], {
    ...cluster,
    redisOptions: { ...cluster.redisOptions, connectionName: name },
  });
  publishOutages(client, role, (error) => askOneNode(options, error));
  client.on('+node', outliveErrors);
  return client;
}

/**
 * Opens a client that only listens: it waits for its connection. Who listens subscribes whenever it is `ready`: when the client did that by
 * itself, nobody caught that the connection was lost again meanwhile, which ends a process.
 */
export function openSubscriber(options: RedisClientOptions): RedisClient {
  const { socketTimeout, ...redis } = options.redis;
  const waiting = { enableOfflineQueue: true, maxRetriesPerRequest: null, autoResubscribe: false } as const;
  const { socketTimeout: _, ...ofNodes } = options.cluster?.redisOptions ?? {};
  return openRedisClient(
    {
      nodes: options.nodes,
      redis: { ...redis, ...waiting },
      cluster: options.cluster && { ...options.cluster, enableOfflineQueue: true, redisOptions: ofNodes },
    },
    'cache',
    'tributary-purges',
  );
}

/**
 * Waits until the first attempt to connect has ended, one way or the other: whoever starts goes on without. Of a cluster, to all masters: its
 * client connects to a node with the first command for it, and refuses the next ones until that is done ("Too many Cluster redirections").
 */
export async function attempted(client: RedisClient): Promise<void> {
  const bound = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  await readyOrClosed(client, bound);
  if (!(client instanceof Cluster) || client.status !== 'ready') return;
  const connecting = client.nodes('master').map((node) => {
    if (node.status === 'wait') node.connect().catch(() => undefined);
    return readyOrClosed(node, bound);
  });
  await Promise.all(connecting);
}

async function readyOrClosed(client: RedisClient, bound: AbortSignal): Promise<void> {
  if (client.status === 'ready') return;
  const closed = new AbortController();
  client.once('close', () => closed.abort());
  await once(client, 'ready', { signal: AbortSignal.any([closed.signal, bound]) }).catch(() => undefined);
}

/**
 * Makes the function to be called before something is sent: what is sent in one turn of the event loop goes out in one write at its end. Each
 * write is a call of the kernel, which takes as long as all that makes a command of a call (test/bench, guard), and wakes the server.
 */
export function createSendTogether(client: RedisClient): () => void {
  let isHeld = false;
  return () => {
    if (isHeld) return;
    isHeld = true;
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    // What has not connected yet has none.
    const streams = nodes.map(({ stream }) => stream as typeof stream | undefined);
    for (const stream of streams) stream?.cork();
    setImmediate(() => {
      isHeld = false;
      for (const stream of streams) stream?.uncork();
    });
  };
}

/** Tells when a connection is lost and when it is back, once each. */
function publishOutages(client: RedisClient, role: StoreRole, findReason: (error: unknown) => Promise<unknown>): void {
  let isUp: boolean | undefined;
  const isClosed = () => client.status === 'end';
  const lose = async (lost?: unknown) => {
    if (isUp === false || isClosed()) return;
    isUp = false;
    const error = explainConnectionError(await findReason(lost));
    if (isUp || isClosed()) return;
    publishStoreEvent({ kind: 'connection', role, isUp, ...(error === undefined ? {} : { error }) });
  };
  client.on('error', lose);
  client.on('reconnecting', () => void lose());
  client.on('ready', () => {
    if (isUp) return;
    isUp = true;
    publishStoreEvent({ kind: 'connection', role, isUp });
  });
}

/**
 * The client listens for one error of a socket. One that speaks TLS can have two: what the server says of our certificate comes after the
 * handshake, and then the connection breaks. The second would end the process.
 */
function outliveErrors(client: Redis): void {
  client.on('connect', () => client.stream.on('error', () => undefined));
}

/** The client of a cluster tells only that it reaches no node: what one of them says to a client of its own is the reason. */
async function askOneNode({ nodes, redis }: RedisClientOptions, error: unknown): Promise<unknown> {
  const single = new Redis({ ...redis, ...nodes[0], lazyConnect: true, retryStrategy: () => null });
  let reason: unknown;
  outliveErrors(single);
  single.on('error', (first: unknown) => {
    reason ??= first;
  });
  await single.connect().catch(() => undefined);
  single.disconnect();
  return reason ?? (error as { readonly lastNodeError?: unknown } | undefined)?.lastNodeError ?? error;
}
