import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import { findKeyByHash, hasAdministrator, holdKeys, insertKey, revokeOthersOf } from '../storage/keys.ts';
import { notify } from '../storage/notices.ts';
import type { Query } from '../storage/query.ts';
import { drawSecret, hashSecret, hintOf } from './secret.ts';

export interface AdministratorOptions {
  readonly database: Database;
  /** From the configuration. */
  readonly adminKey: string | undefined;
  readonly dataDir: string;
  readonly log: Log;
  readonly now: Date;
}

const CONFIGURED = 'configuration';

/** Where the key of the administrator made at first start is left, readable for the owner alone. */
export function administratorKeyFile(dataDir: string): string {
  return join(dataDir, 'registry-admin-key');
}

/**
 * Sees to it that somebody may do everything. The key of the configuration, when there is one, takes the place of the one that was
 * configured before; else one is drawn if there is no administrator.
 */
export async function ensureAdministrator(options: AdministratorOptions): Promise<void> {
  const { database, adminKey } = options;
  await database.query.transaction(async (transaction) => {
    await holdKeys(transaction);
    if (adminKey !== undefined) return takeConfigured(transaction, adminKey, options);
    if (!(await hasAdministrator(transaction))) await makeFirst(transaction, options);
  });
}

/** The key that was left there; none where no first start was, or somebody else has taken it away. */
export function readAdministratorKey(dataDir: string): string | undefined {
  try {
    return readFileSync(administratorKeyFile(dataDir), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

async function takeConfigured(query: Query, secret: string, { log, now }: AdministratorOptions): Promise<void> {
  for (const id of await revokeOthersOf(query, CONFIGURED, hashSecret(secret), now))
    await notify(query, { kind: 'key', id });
  const known = await findKeyByHash(query, hashSecret(secret));
  if (known === undefined) await insertAdministrator(query, secret, CONFIGURED, now);
  else if (known.revokedAt !== null)
    log.warn('adminKey is a key that was revoked: nobody can use it; configure another');
}

async function makeFirst(query: Query, { dataDir, log, now }: AdministratorOptions): Promise<void> {
  const file = administratorKeyFile(dataDir);
  // Left by a start that did not come to its end.
  const secret = readAdministratorKey(dataDir) ?? drawSecret(null);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  await insertAdministrator(query, secret, 'first start', now);
  log.info(`the administrator's API key, shown this once and kept in ${resolve(file)}: ${secret}`);
}

async function insertAdministrator(query: Query, secret: string, createdBy: string, now: Date): Promise<void> {
  await insertKey(query, {
    ...{ hash: hashSecret(secret), hint: hintOf(secret), name: 'administrator', verbs: ['admin'] },
    ...{ graphId: null, variant: null, subgraph: null, expiresAt: null, createdBy, createdAt: now },
  });
}
