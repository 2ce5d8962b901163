import type { FastifyRequest } from 'fastify';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import type { Keys } from '../access/keys.ts';
import type { Principal } from '../access/principal.ts';
import type { Checking } from '../check/submit-check.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import type { Publishing } from '../publication/publishing.ts';
import type { SchemaThreads } from '../schema/schema-threads.ts';

/** What the resolvers reach: the rooms of the registry. */
export interface Rooms {
  readonly database: Database;
  readonly keys: Keys;
  readonly publishing: Publishing;
  readonly checking: Checking;
  /** Threads for what is only looked at, so that none of it holds up a publish. */
  readonly reading: Pick<SchemaThreads, 'compose' | 'lint' | 'printApiSchema' | 'readYaml'>;
  readonly current: CurrentSupergraphs;
  /** Where people reach the registry's pages, without a slash at the end; known when it listens. */
  readonly frontendUrl: () => string;
  /** Larger schemas are refused, in bytes. */
  readonly schemaLimitBytes: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** What the resolvers of one request have at hand. */
export interface Context extends Rooms {
  /** Whose key came with the request; `undefined` without one, and for one that is not known. */
  readonly principal: Principal | undefined;
}

/** The key of a request: rover sends `x-api-key`, its next release a bearer token for those who log in. */
export function readKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
