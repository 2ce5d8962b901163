import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../service/database.ts';
import { listPersistedOperations, readListOfVariant } from '../storage/persisted-queries.ts';
import { reaching } from '../storage/unavailable.ts';

/** A manifest of persisted queries, as a text whose hash is its name. */
export interface PersistedManifest {
  /** SHA-256 of `text`, in hexadecimal. */
  readonly hash: string;
  readonly text: string;
}

/** The persisted query lists that variants serve, in memory. */
export interface PersistedLists {
  /**
   * What a variant serves, `undefined` for no list. Known variants are answered without waiting, and looked at again in the
   * background when that is a while ago.
   *
   * @param isUrgent waits for a look that is at most a second old
   * @throws {RegistryError} DATABASE_UNAVAILABLE for one that is not known yet
   */
  get(graphId: string, variant: string, isUrgent?: boolean): Promise<PersistedManifest | undefined>;
}

export interface PersistedListsOptions {
  readonly database: Database;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

interface Known {
  /** Names the list and its state. */
  readonly state: string;
  readonly manifest: PersistedManifest | undefined;
  readonly seenAt: number;
}

const LOOK_EVERY_MS = 5_000;
/** Also of a variant without a list: a gateway that needs one does not start before it is there. */
const LOOK_AT_MOST_EVERY_MS = 1_000;
/** Of how many variants they are kept, and how many characters of them together. */
const MOST_VARIANTS = 1_000;
const MOST_CHARACTERS = 100_000_000;

/** Keeps the lists of the variants that are asked for. */
export function createPersistedLists({
  database,
  now = () => performance.now(),
}: PersistedListsOptions): PersistedLists {
  const known = new LRUCache<string, Known>({
    max: MOST_VARIANTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ manifest }) => (manifest?.text.length ?? 0) + 1,
  });
  const looking = new Map<string, Promise<PersistedManifest | undefined>>();

  async function look(ref: string, graphId: string, variant: string): Promise<PersistedManifest | undefined> {
    const seenAt = now();
    const list = await reaching(() => readListOfVariant(database.query, graphId, variant));
    const state = list === undefined ? '' : `${list.id}:${list.revision}`;
    const before = known.peek(ref);
    const manifest = before?.state === state ? before.manifest : await load(list?.id);
    known.set(ref, { state, manifest, seenAt });
    return manifest;
  }

  async function load(listId: string | undefined): Promise<PersistedManifest | undefined> {
    if (listId === undefined) return undefined;
    const rows = await reaching(() => listPersistedOperations(database.query, listId));
    const operations = rows
      .filter(({ isActive }) => isActive)
      .map(({ id, clientName, name, type, body }) => ({
        ...{ id, name, type: type.toLowerCase(), body },
        ...(clientName === '' ? {} : { clientName }),
      }));
    const text = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
    return { hash: hash('sha256', text), text };
  }

  function lookOnce(graphId: string, variant: string): Promise<PersistedManifest | undefined> {
    const ref = `${graphId}@${variant}`;
    let begun = looking.get(ref);
    if (begun === undefined) {
      begun = look(ref, graphId, variant).finally(() => looking.delete(ref));
      looking.set(ref, begun);
    }
    return begun;
  }

  return {
    get: async (graphId, variant, isUrgent = false) => {
      const found = known.get(`${graphId}@${variant}`);
      if (found === undefined) return lookOnce(graphId, variant);
      const age = now() - found.seenAt;
      if (isUrgent && age > LOOK_AT_MOST_EVERY_MS) return lookOnce(graphId, variant).catch(() => found.manifest);
      // While the database is away, what is known is served.
      if (age > (found.manifest === undefined ? LOOK_AT_MOST_EVERY_MS : LOOK_EVERY_MS))
        lookOnce(graphId, variant).catch(() => undefined);
      return found.manifest;
    },
  };
}
