/** Where Redis is, and who may use it. */
export interface RedisAddress {
  /** `redis://` or `rediss://` with host, port and, if need be, user, password and database; of a cluster some of its nodes. */
  readonly urls: readonly [string, ...string[]];
  readonly isCluster?: boolean | undefined;
  /** Instead of those in the URLs. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** For `rediss://`, in PEM; by default what the system trusts, and no certificate of one's own. */
  readonly tls?: RedisTls | undefined;
}

export interface RedisTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the server's certificate must have, when it is not the host's. */
  readonly serverName?: string | undefined;
}

/** An address that makes sense. */
export interface RedisPlace {
  /** Of a cluster its first nodes, else one server. */
  readonly nodes: readonly RedisNode[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Nothing where nothing is encrypted. */
  readonly tls: RedisTls | undefined;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** @throws {TypeError} for what is not the address of a Redis, or contradicts itself; it tells no password */
export function readRedisAddress({ urls, isCluster, username, password, tls = {} }: RedisAddress): RedisPlace {
  const [first, ...others] = urls.map(readUrl);
  if (first === undefined) throw new TypeError('a Redis needs a URL');
  if (others.length > 0 && isCluster !== true)
    throw new TypeError('only a cluster has several addresses: give one, or say that it is one (isCluster)');
  if (others.some((other) => !isSame(first, other)))
    throw new TypeError('the addresses of a cluster differ in host and port alone');
  if (isCluster === true && first.database !== 0) throw new TypeError('a cluster has no database but 0');
  if (!first.isSecure && Object.values(tls).some((value) => value !== undefined))
    throw new TypeError('nothing is encrypted by redis://, but there are options of TLS: use rediss://');
  const access = { username: username ?? first.username, password: password ?? first.password };
  if (access.username !== undefined && access.password === undefined) throw new TypeError('a user needs a password');
  const nodes = [first, ...others].map(({ host, port }) => ({ host, port }));
  return { nodes, ...access, database: first.database, tls: first.isSecure ? tls : undefined };
}

type ReadUrl = ReturnType<typeof readUrl>;

function isSame(one: ReadUrl, other: ReadUrl): boolean {
  const access = ({ isSecure, username, password, database }: ReadUrl) =>
    JSON.stringify([isSecure, username, password, database]);
  return access(one) === access(other);
}

function readUrl(text: string) {
  const url = URL.parse(text);
  if (url === null || !/^rediss?:$/.test(url.protocol))
    throw new TypeError('not the URL of a Redis (redis://host:port)');
  if (!/^\/?\d*$/.test(url.pathname)) throw new TypeError('the path of the URL of a Redis is the number of a database');
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    isSecure: url.protocol === 'rediss:',
    username: decode(url.username) || undefined,
    password: decode(url.password) || undefined,
    database: Number(url.pathname.slice(1)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('user and password in the URL of a Redis are percent-encoded: a % itself is %25');
  }
}
