import { LRUCache } from 'lru-cache';
import type { Database } from '../../service/database.ts';
import { RegistryError } from '../errors.ts';
import { checkSubgraphName, checkVariantName } from '../names.ts';
import { readGraph } from '../storage/graphs.ts';
import {
  findKey,
  findKeyByHash,
  hasAdministrator,
  holdKeys,
  insertKey,
  type KeyRow,
  listKeys,
  renameKey,
  revokeKey,
} from '../storage/keys.ts';
import { notify } from '../storage/notices.ts';
import { VERBS, type Verb } from '../storage/tables.ts';
import { reaching } from '../storage/unavailable.ts';
import { audit } from './audit.ts';
import { demand, type Principal } from './principal.ts';
import { drawSecret, hashSecret, hintOf } from './secret.ts';

/** What a new key is to be. */
export interface KeyInput {
  readonly name: string;
  /** `null` in each of the three: any. */
  readonly graphId: string | null;
  readonly variant: string | null;
  readonly subgraph: string | null;
  readonly verbs: readonly Verb[];
  readonly expiresAt: Date | null;
}

/** A key as it is shown: without its secret, which is kept nowhere. */
export type ListedKey = Omit<KeyRow, 'hash'>;

/** The API keys. */
export interface Keys {
  /** Whose secret this is; `undefined` for one that is unknown, revoked or expired. @throws {RegistryError} DATABASE_UNAVAILABLE */
  identify(secret: string | undefined): Promise<Principal | undefined>;
  /** Makes a key. The secret is shown this once. @throws {RegistryError} */
  create(input: KeyInput, by: Principal): Promise<{ readonly id: string; readonly secret: string }>;
  /** At once in this process, and in others as soon as they hear of it. @throws {RegistryError} */
  revoke(id: string, by: Principal): Promise<void>;
  /** Makes it known under another name; in other processes as soon as they hear of it. @throws {RegistryError} */
  rename(id: string, name: string, by: Principal): Promise<ListedKey>;
  /** Those for a graph, or all. */
  list(graphId?: string): Promise<readonly ListedKey[]>;
  /** Lets the next question about a key, or about any, go to the database again. */
  forget(id?: string): void;
}

export interface KeysOptions {
  readonly database: Database;
  readonly now?: () => Date;
  /** How long an answer is remembered, in milliseconds. */
  readonly rememberMs?: number;
  /** How long the database may take to say whether a key that was known is so still, in milliseconds. */
  readonly patienceMs?: number;
}

interface Remembered {
  readonly row: KeyRow | undefined;
  readonly at: number;
}

const REMEMBERED_AT_MOST = 10_000;

/**
 * Keys, remembered for a while by their hashes. While the database is away, a key that was known last is known still: nothing can
 * be changed meanwhile, and gateways go on being served from memory.
 */
export function createKeys({
  database,
  now = () => new Date(),
  rememberMs = 10_000,
  patienceMs = 250,
}: KeysOptions): Keys {
  const known = new LRUCache<string, Remembered>({ max: REMEMBERED_AT_MOST });
  // Apart, so that whoever tries secrets drives out none that is good.
  const unknown = new LRUCache<string, Remembered>({ max: REMEMBERED_AT_MOST });
  const asked = new Map<string, Promise<KeyRow | undefined>>();
  /** Counted up when something is forgotten: what was asked before is not remembered then. */
  let generation = 0;
  /** Whether the database has left a question unanswered, and no other was answered since. */
  let isSilent = false;

  function find(hash: string): Promise<KeyRow | undefined> {
    const remembered = known.get(hash) ?? unknown.get(hash);
    if (remembered !== undefined && now().getTime() - remembered.at < rememberMs)
      return Promise.resolve(remembered.row);
    const last = known.get(hash);
    return last === undefined ? askOnce(hash) : askOrRemember(hash, last);
  }

  /** A database that hangs holds up no gateway: after a moment, and at once until it has answered again, a key is what it was. */
  async function askOrRemember(hash: string, { row }: Remembered): Promise<KeyRow | undefined> {
    const asking = askOnce(hash);
    const { promise: impatient, resolve } = Promise.withResolvers<void>();
    const timer = isSilent ? resolve() : setTimeout(resolve, patienceMs);
    try {
      const answered = await Promise.race([asking.then((found) => ({ found })), impatient]);
      if (answered !== undefined) return answered.found;
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
    } finally {
      clearTimeout(timer ?? undefined);
    }
    isSilent = true;
    return row;
  }

  function askOnce(hash: string): Promise<KeyRow | undefined> {
    const others = asked.get(hash);
    if (others !== undefined) return others;
    const pending = ask(hash).finally(() => {
      if (asked.get(hash) === pending) asked.delete(hash);
    });
    asked.set(hash, pending);
    return pending;
  }

  async function ask(hash: string): Promise<KeyRow | undefined> {
    const askedIn = generation;
    const at = now().getTime();
    const row = await reaching(() => findKeyByHash(database.query, hash));
    isSilent = false;
    if (askedIn !== generation) return row;
    if (row === undefined) known.delete(hash);
    (row === undefined ? unknown : known).set(hash, { row, at });
    return row;
  }

  function forget(id?: string): void {
    generation++;
    asked.clear();
    isSilent = false;
    if (id === undefined) unknown.clear();
    // Out of date, not gone: it may be wanted while the database is away. Of a copy: whatever is set becomes the next of the cache's entries
    // again, and with two of them it never ended.
    for (const [hash, { row }] of [...known.entries()])
      if (id === undefined) known.set(hash, { row, at: Number.NEGATIVE_INFINITY });
      else if (row?.id === id) known.delete(hash);
  }

  return {
    async identify(secret) {
      if (secret === undefined || secret === '') return undefined;
      const row = await find(hashSecret(secret));
      return row === undefined ? undefined : toPrincipal(row, now());
    },

    async create(input, by) {
      checkInput(input, now());
      demandAdmin(by, input.graphId);
      const secret = drawSecret(input.graphId);
      const row = {
        ...input,
        verbs: [...input.verbs],
        hash: hashSecret(secret),
        hint: hintOf(secret),
        createdBy: by.name,
        createdAt: now(),
      };
      return reaching(() =>
        database.query.transaction(async (transaction) => {
          if (input.graphId !== null && (await readGraph(transaction, input.graphId)) === undefined)
            throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${input.graphId}".`);
          const { id } = await insertKey(transaction, row);
          const { name, verbs, subgraph } = input;
          await audit(transaction, {
            ...{ actor: by.name, action: 'key.create', graphId: input.graphId, variant: input.variant },
            ...{ outcome: 'done', details: { id, name, verbs, subgraph } },
          });
          return { id, secret };
        }),
      );
    },

    async revoke(id, by) {
      await reaching(() =>
        database.query.transaction(async (transaction) => {
          const row = await findKey(transaction, id);
          if (row === undefined) throw unknownKey(id);
          demandAdmin(by, row.graphId);
          // One after the other, so that no two revoke the last two.
          await holdKeys(transaction);
          const couldAdminister = await hasAdministrator(transaction, now());
          await revokeKey(transaction, id, now());
          if (couldAdminister && !(await hasAdministrator(transaction, now()))) throw lastAdministrator(row.name);
          await audit(transaction, {
            ...{ actor: by.name, action: 'key.revoke', graphId: row.graphId, variant: row.variant },
            ...{ outcome: 'done', details: { id, name: row.name } },
          });
          await notify(transaction, { kind: 'key', id });
        }),
      );
      forget(id);
    },

    async rename(id, name, by) {
      checkName(name);
      const renamed = await reaching(() =>
        database.query.transaction(async (transaction) => {
          const row = await findKey(transaction, id);
          if (row === undefined || row.revokedAt !== null) throw unknownKey(id);
          demandAdmin(by, row.graphId);
          await renameKey(transaction, id, name);
          await audit(transaction, {
            ...{ actor: by.name, action: 'key.rename', graphId: row.graphId, variant: row.variant },
            ...{ outcome: 'done', details: { id, name, before: row.name } },
          });
          await notify(transaction, { kind: 'key', id });
          const { hash: _, ...listed } = row;
          return { ...listed, name };
        }),
      );
      forget(id);
      return renamed;
    },

    async list(graphId) {
      const rows = await reaching(() => listKeys(database.query, graphId));
      return rows.map(({ hash: _, ...row }) => row);
    },

    forget,
  };
}

function lastAdministrator(name: string): RegistryError {
  return new RegistryError(
    'BAD_REQUEST',
    `"${name}" is the last live key that administers all graphs. Make another first, with the verb "admin" and without a graph.`,
  );
}

/** Whose key it is; `undefined` for one that is revoked or expired. */
export function toPrincipal(row: KeyRow, now: Date): Principal | undefined {
  const { id, name, graphId, variant, subgraph, verbs, expiresAt, revokedAt } = row;
  if (revokedAt !== null || (expiresAt !== null && expiresAt <= now)) return undefined;
  return { keyId: id, name: `${name} (${id.slice(0, 8)})`, graphId, variant, subgraph, verbs };
}

/** Keys of all graphs are an administrator's of all graphs. @throws {RegistryError} ACCESS_DENIED */
function demandAdmin(by: Principal, graphId: string | null): void {
  const isBounded = by.graphId !== null || by.variant !== null || by.subgraph !== null;
  if (graphId === null && isBounded)
    throw new RegistryError('ACCESS_DENIED', `The API key "${by.name}" is for one graph, and this is for all of them.`);
  demand(by, 'admin', { graphId: graphId ?? '*' });
}

/** @throws {RegistryError} BAD_REQUEST */
function checkName(name: string): void {
  if (name.trim() === '' || name.length > 200)
    throw new RegistryError('BAD_REQUEST', 'A key needs a name, of 200 characters at most.');
}

const unknownKey = (id: string) => new RegistryError('BAD_REQUEST', `There is no API key with the id "${id}".`);

/** @throws {RegistryError} NAME_INVALID, BAD_REQUEST */
function checkInput({ name, variant, subgraph, verbs, expiresAt }: KeyInput, now: Date): void {
  if (variant !== null) checkVariantName(variant);
  if (subgraph !== null) checkSubgraphName(subgraph);
  checkName(name);
  if (verbs.length === 0 || verbs.some((verb) => !VERBS.includes(verb)))
    throw new RegistryError('BAD_REQUEST', `A key needs verbs out of ${VERBS.join(', ')}.`);
  if (subgraph !== null && verbs.includes('admin'))
    throw new RegistryError(
      'BAD_REQUEST',
      'What "admin" allows is not done to one subgraph. Leave the verb or the subgraph out.',
    );
  if (expiresAt !== null && expiresAt <= now)
    throw new RegistryError(
      'BAD_REQUEST',
      `expiresAt is ${expiresAt.toISOString()}, which is over: the key would be refused.`,
    );
}
