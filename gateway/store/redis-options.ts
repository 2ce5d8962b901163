import type { ClusterOptions, RedisOptions } from 'ioredis';
import { type RedisAddress, type RedisNode, readRedisAddress } from './redis-address.ts';

/** How a client of Redis is opened. */
export interface RedisClientOptions {
  /** Of a cluster its first nodes, else one server. */
  readonly nodes: readonly RedisNode[];
  readonly redis: Connection;
  readonly cluster: (Omit<ClusterOptions, 'redisOptions'> & { readonly redisOptions: Connection }) | undefined;
}

/** Replies have the shapes of RESP2 always. */
type Connection = Omit<RedisOptions, 'replyMapping'>;

/**
 * How long a cluster's client waits before it asks again where a key is, in milliseconds: with the trip it has to fit into a deadline of
 * a read, or the first one after a failover is in vain, and the breaker stays open for longer.
 */
const ASK_AGAIN_MS = 20;

/** How long an attempt to connect may take, in milliseconds: also on a machine where everything waits for a core. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Options of ioredis for a client that never keeps anybody waiting: it queues nothing while there is no connection, sends nothing
 * twice, and gives up a connection that is silent for too long, with all that was sent on it.
 *
 * @param silenceMs how long a reply may be awaited before the connection counts as dead
 * @throws {TypeError} for what is not the address of a Redis
 */
export function toRedisOptions(address: RedisAddress, silenceMs: number): RedisClientOptions {
  const { nodes, username, password, database, tls } = readRedisAddress(address);
  const redis: Connection = {
    // RESP2: there, replies to `call` have one shape whatever the version of Redis.
    protocol: 2,
    // It would need a right more.
    disableClientInfo: true,
    ...optional({ username, password }),
    ...(database === 0 ? {} : { db: database }),
    ...(tls === undefined ? {} : { tls: toTlsOptions(tls) }),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A server that is away takes no leave.
    disconnectTimeout: 500,
    socketTimeout: silenceMs,
    keepAlive: 5_000,
    retryStrategy: toRetryDelay,
    // After a failover the address may lead to the new primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (address.isCluster !== true) return { nodes, redis, cluster: undefined };
  const { enableOfflineQueue, retryStrategy, ...ofNodes } = redis;
  return {
    nodes,
    redis,
    cluster: {
      redisOptions: ofNodes,
      enableOfflineQueue: false,
      maxRedirections: 4,
      retryDelayOnFailover: ASK_AGAIN_MS,
      retryDelayOnClusterDown: ASK_AGAIN_MS,
      retryDelayOnTryAgain: ASK_AGAIN_MS,
      slotsRefreshInterval: 5_000,
      clusterRetryStrategy: toRetryDelay,
      // Names stay names: certificates have names as a rule, and no addresses.
      dnsLookup: (host, callback) => callback(null, host),
    },
  };
}

function toTlsOptions({ ca, cert, key, serverName }: NonNullable<RedisAddress['tls']>) {
  return optional({ ca, cert, key, servername: serverName });
}

function toRetryDelay(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 1_000);
}

/** Without what is not given. */
function optional<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
