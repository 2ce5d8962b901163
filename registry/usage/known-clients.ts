import { LRUCache } from 'lru-cache';
import type { Database } from '../../service/database.ts';
import { listClients } from '../storage/usage.ts';

export interface Client {
  readonly name: string;
  readonly version: string;
}

/** Which clients are told apart, by variant and day. */
export interface KnownClients {
  /** @returns the client that a run is counted for: itself, or one without a name when there are too many already */
  on(graphId: string, variant: string, day: string): Promise<(client: Client) => Client>;
}

export interface KnownClientsOptions {
  readonly database: Database;
  /** Most of one variant and day. */
  readonly maxClients: number;
}

const NOBODY: Client = { name: '', version: '' };
/** Of how many variants and days they are remembered: reports are of today and yesterday. */
const REMEMBERED = 500;

/**
 * Bounds the rows of a day. Whoever asks the gateway anything says freely what client he is: one that said another name each time
 * would fill the database. Runs count all the same. Several processes on one database may each take as many.
 */
export function createKnownClients({ database, maxClients }: KnownClientsOptions): KnownClients {
  const known = new LRUCache<string, Promise<Set<string>>>({ max: REMEMBERED });

  async function read(graphId: string, variant: string, day: string): Promise<Set<string>> {
    const clients = await listClients(database.query, { graphId, variant, day, limit: maxClients });
    return new Set(clients.map(keyOf));
  }

  return {
    on: async (graphId, variant, day) => {
      const key = `${graphId}@${variant} ${day}`;
      let reading = known.get(key);
      if (reading === undefined) {
        reading = read(graphId, variant, day);
        known.set(key, reading);
        reading.catch(() => known.delete(key));
      }
      const clients = await reading;
      return (client) => {
        if (client.name === '' && client.version === '') return client;
        const own = keyOf(client);
        if (!clients.has(own) && clients.size >= maxClients) return NOBODY;
        clients.add(own);
        return client;
      };
    },
  };
}

const keyOf = ({ name, version }: Client) => JSON.stringify([name, version]);
