import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import { findKeyByHash, hasAdministrator, holdKeys, insertKey, type KeyRow, revokeOthersOf } from '../storage/keys.ts';
import { notify } from '../storage/notices.ts';
import type { Query } from '../storage/query.ts';
import { drawSecret, hashSecret, hintOf } from './secret.ts';

export interface AdministratorOptions {
  readonly database: Database;
  /** From the configuration. */
  readonly adminKey: string | undefined;
  readonly gatewayKey: string | undefined;
  readonly dataDir: string;
  readonly log: Log;
  readonly now: Date;
}

type ConfiguredKey = Pick<KeyRow, 'name' | 'verbs' | 'createdBy'>;

/** Keys that the configuration may name: what they are for, and who is said to have made them. */
const CONFIGURED: Readonly<Record<'adminKey' | 'gatewayKey', ConfiguredKey>> = {
  adminKey: { name: 'administrator', verbs: ['admin'], createdBy: 'configuration' },
  gatewayKey: { name: 'gateways', verbs: ['read', 'report'], createdBy: 'configuration of gateways' },
};

/** Where the key of the administrator made at first start is left, readable for the owner alone. */
export function administratorKeyFile(dataDir: string): string {
  return join(dataDir, 'registry-admin-key');
}

/**
 * Sees to it that somebody may do everything. A key of the configuration, when there is one, takes the place of the one that was
 * configured before; without one for the administrator, one is drawn if there is none.
 */
export async function ensureAdministrator(options: AdministratorOptions): Promise<void> {
  const { database, adminKey, gatewayKey, now } = options;
  await database.query.transaction(async (transaction) => {
    await holdKeys(transaction);
    if (gatewayKey !== undefined) await takeConfigured(transaction, 'gatewayKey', gatewayKey, options);
    if (adminKey !== undefined) return takeConfigured(transaction, 'adminKey', adminKey, options);
    if (!(await hasAdministrator(transaction, now))) await makeFirst(transaction, options);
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

async function takeConfigured(
  query: Query,
  option: keyof typeof CONFIGURED,
  secret: string,
  { log, now }: AdministratorOptions,
): Promise<void> {
  const key = CONFIGURED[option];
  for (const id of await revokeOthersOf(query, key.createdBy, hashSecret(secret), now))
    await notify(query, { kind: 'key', id });
  const known = await findKeyByHash(query, hashSecret(secret));
  if (known === undefined) await insert(query, secret, key, now);
  else if (known.revokedAt !== null)
    log.warn(`${option} is a key that was revoked: nobody can use it; configure another`);
}

async function makeFirst(query: Query, { dataDir, log, now }: AdministratorOptions): Promise<void> {
  const file = administratorKeyFile(dataDir);
  const left = readAdministratorKey(dataDir);
  // Left by a start that did not come to its end; one that was used, and is of nobody any more, stays so.
  const isNew = left !== undefined && (await findKeyByHash(query, hashSecret(left))) === undefined;
  const secret = isNew ? left : drawSecret(null);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  await insert(query, secret, { ...CONFIGURED.adminKey, createdBy: 'first start' }, now);
  // Not the key itself: logs are sent elsewhere, and are kept.
  log.info(`the administrator's API key is in ${resolve(file)}`);
}

async function insert(query: Query, secret: string, key: ConfiguredKey, now: Date): Promise<void> {
  await insertKey(query, {
    ...{ ...key, hash: hashSecret(secret), hint: hintOf(secret) },
    ...{ graphId: null, variant: null, subgraph: null, expiresAt: null, createdAt: now },
  });
}
