import type { FastifyRequest } from 'fastify';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import type { Keys } from '../access/keys.ts';
import type { Principal } from '../access/principal.ts';
import { readSessionToken } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Checking } from '../check/submit-check.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';
import type { Publishing } from '../publication/publishing.ts';
import type { SchemaThreads } from '../schema/schema-threads.ts';
import type { TypeMaps } from '../schema/type-maps.ts';

/** What the resolvers reach: the rooms of the registry. */
export interface Rooms {
  readonly database: Database;
  readonly keys: Keys;
  readonly sessions: Pick<Sessions, 'identify'>;
  readonly live: Pick<LiveNumbers, 'read'>;
  readonly publishing: Publishing;
  readonly checking: Checking;
  /** Threads for what is only looked at, so that none of it holds up a publish. */
  readonly reading: Pick<SchemaThreads, 'compose' | 'hasCoordinate' | 'lint' | 'printApiSchema' | 'readYaml'>;
  readonly typeMaps: TypeMaps;
  readonly current: CurrentSupergraphs;
  /** Where people reach the registry's pages, without a slash at the end; known when it listens. */
  readonly frontendUrl: () => string;
  /** Where the gateway's explorer is, if the configuration says so. */
  readonly explorerUrl: string | null;
  /** Larger schemas are refused, in bytes. */
  readonly schemaLimitBytes: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** What the resolvers of one request have at hand. */
export interface Context extends Rooms {
  /** Whose key or session came with the request; `undefined` without one, and for one that is not known. */
  readonly principal: Principal | undefined;
}

/** The key of a request: rover sends `x-api-key`, its next release a bearer token for those who log in. */
export function readKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Who asks: by the key of the request, else by the session of the console. @throws {RegistryError} DATABASE_UNAVAILABLE */
export async function identify(
  { keys, sessions }: Pick<Rooms, 'keys' | 'sessions'>,
  request: Pick<FastifyRequest, 'headers'>,
): Promise<Principal | undefined> {
  const key = readKey(request);
  if (key !== undefined) return keys.identify(key);
  const token = readSessionToken(request.headers);
  return token === undefined ? undefined : sessions.identify(token);
}
