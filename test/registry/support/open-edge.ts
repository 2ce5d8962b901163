import { createKeys, type KeyInput, type Keys } from '../../../registry/access/keys.ts';
import { createLiveNumbers, type LiveNumbers } from '../../../registry/live/live-numbers.ts';
import { createLiveRelay } from '../../../registry/live/live-relay.ts';
import { createPersistedLists } from '../../../registry/uplink/persisted-lists.ts';
import { serveUplink } from '../../../registry/uplink/serve-uplink.ts';
import { serveLive } from '../../../registry/usage/serve-live.ts';
import { serveUsage } from '../../../registry/usage/serve-usage.ts';
import { createServer, listen } from '../../../service/http-server.ts';
import { createLog, type Log } from '../../../service/logs.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from './open-registry.ts';

/** A registry whose edge for gateways is open too. */
export interface OpenEdge extends OpenRegistry {
  /** `http://host:port` */
  readonly url: string;
  readonly keys: Keys;
  readonly live: LiveNumbers;
  /** Makes a key; of a gateway of the graph if nothing else is said. @returns its secret */
  key(input?: Partial<KeyInput>): Promise<string>;
}

export interface EdgeOptions {
  /** Of a registry that was here before. */
  readonly port?: number;
  readonly log?: Log;
  readonly maxOperations?: number;
  readonly maxClients?: number;
  readonly now?: () => Date;
  /** Of the clock that goes forward. */
  readonly elapsed?: () => number;
}

/** @param url of the database */
export async function openEdge(url: string, options: EdgeOptions = {}): Promise<OpenEdge> {
  const {
    port = 0,
    log = createLog('registry', 'silent'),
    maxOperations = 1_000,
    maxClients = 1_000,
    now = () => new Date(),
    elapsed,
  } = options;
  const rooms = await openRegistry(url);
  const keys = createKeys({ database: rooms.database });
  const server = createServer({ log });
  let address = '';
  const live = createLiveNumbers({ now });
  const liveRelay = createLiveRelay({ query: rooms.database.query, live, log, isAlone: true });
  serveLive(server, { ...rooms, keys, live, liveRelay });
  const lists = createPersistedLists({ ...rooms, ...(elapsed && { now: elapsed }) });
  serveUplink(server, { ...rooms, keys, lists, minDelaySeconds: 1, publicUrl: () => address, log });
  serveUsage(server, { ...rooms, keys, maxOperations, maxClients, retentionDays: 90, now });
  address = await listen(server, { host: '127.0.0.1', port, option: 'PORT' });
  return {
    ...rooms,
    url: address,
    keys,
    live,
    key: async (input = {}) => {
      const gateway: KeyInput = {
        ...{
          name: 'gateway',
          graphId: GRAPH,
          variant: null,
          subgraph: null,
          verbs: ['read', 'report'],
          expiresAt: null,
        },
      };
      return (await keys.create({ ...gateway, ...input }, ADMINISTRATOR)).secret;
    },
    close: async () => {
      await server.close();
      await rooms.close();
    },
  };
}
