import type { ClusterOptions, RedisOptions } from 'ioredis';

/** Where Redis is, and who may use it. */
export interface RedisAddress {
  /** `redis://` or `rediss://` with host, port and, if need be, user, password and database; of a cluster some of its nodes. */
  readonly urls: readonly [string, ...string[]];
  readonly isCluster?: boolean | undefined;
  /** Instead of those in the URL. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** For `rediss://`, in PEM; by default what the system trusts, and no certificate of one's own. */
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
    /** The name that the server's certificate must have, when it is not the host's. */
    readonly serverName?: string | undefined;
  };
}

/** How a client of Redis is opened. */
export interface RedisClientOptions {
  /** Of a cluster its first nodes, else one server. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly redis: Connection;
  readonly cluster: (Omit<ClusterOptions, 'redisOptions'> & { readonly redisOptions: Connection }) | undefined;
}

/** Replies have the shapes of RESP2 always. */
type Connection = Omit<RedisOptions, 'replyMapping'>;

/**
 * Options of ioredis for a client that never keeps anybody waiting: it queues nothing while there is no connection, sends nothing
 * twice, and gives up a connection that is silent for too long, with all that was sent on it.
 *
 * @param silenceMs how long a reply may be awaited before the connection counts as dead
 * @throws {TypeError} for what is not the URL of a Redis
 */
export function toRedisOptions(address: RedisAddress, silenceMs: number): RedisClientOptions {
  const parsed = address.urls.map(readUrl);
  const [first] = parsed;
  const nodes = parsed.map(({ host, port }) => ({ host, port }));
  if (first === undefined) throw new TypeError('a Redis needs a URL');
  const { ca, cert, key, serverName } = address.tls ?? {};
  const redis: Connection = {
    // RESP2: there, replies to `call` have one shape whatever the version of Redis.
    protocol: 2,
    ...optional({ username: address.username ?? first.username, password: address.password ?? first.password }),
    ...(first.database === 0 ? {} : { db: first.database }),
    ...(first.isSecure ? { tls: optional({ ca, cert, key, servername: serverName }) } : {}),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    socketTimeout: silenceMs,
    keepAlive: 5_000,
    retryStrategy: toRetryDelay,
    // After a failover the address may lead to the new primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (address.isCluster !== true) return { nodes: nodes.slice(0, 1), redis, cluster: undefined };
  const { enableOfflineQueue, retryStrategy, db, ...ofNodes } = redis;
  return {
    nodes,
    redis,
    cluster: {
      redisOptions: ofNodes,
      enableOfflineQueue: false,
      maxRedirections: 4,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      retryDelayOnTryAgain: 50,
      slotsRefreshInterval: 5_000,
      clusterRetryStrategy: toRetryDelay,
    },
  };
}

function toRetryDelay(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 1_000);
}

function readUrl(text: string) {
  const url = URL.parse(text);
  if (url === null || !/^rediss?:$/.test(url.protocol))
    throw new TypeError('not the URL of a Redis (redis://host:port)');
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    isSecure: url.protocol === 'rediss:',
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    database: Number(url.pathname.slice(1)) || 0,
  };
}

/** Without what is not given. */
function optional<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
