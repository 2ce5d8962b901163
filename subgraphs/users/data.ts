import DataLoader from 'dataloader';
import { asc, DrizzleQueryError, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import type { Page } from '../connection.ts';
import { codedError } from '../errors.ts';
import { writeInvalidations } from '../outbox.ts';
import { isStorable } from '../storable-text.ts';
import { isUuid } from '../uuid.ts';
import type { UserSource } from './sources.ts';
import { outbox, user } from './tables.ts';

/** Finds users by id, all that are asked for at the same time by one query. For one request. */
export type UserLoader = DataLoader<string, UserSource | undefined>;

/** What the cursors of the list of users hold. */
export const userKey = z.tuple([z.iso.datetime(), z.guid()]);

const { passwordHash, ...visible } = getTableColumns(user);

/** What is not a UUID is nobody's id. */
export function createUserLoader({ query }: Database): UserLoader {
  return new DataLoader<string, UserSource | undefined>(async (ids) => {
    const wanted = ids.filter(isUuid);
    const rows = wanted.length === 0 ? [] : await query.select(visible).from(user).where(inArray(user.id, wanted));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  });
}

/** A page of all users, oldest first, and one row more. */
export async function listUsers(
  { query }: Database,
  { first, after }: Page<z.infer<typeof userKey>>,
): Promise<UserSource[]> {
  return query
    .select(visible)
    .from(user)
    .where(after && sql`(${user.createdAt}, ${user.id}) > (${after[0]}::timestamptz, ${after[1]}::uuid)`)
    .orderBy(asc(user.createdAt), asc(user.id))
    .limit(first + 1);
}

/** Who has this email, with the password's hash. */
export async function findByEmail(
  { query }: Database,
  email: string,
): Promise<(UserSource & { readonly passwordHash: string }) | undefined> {
  if (!isStorable(email)) return undefined;
  const [row] = await query
    .select({ ...visible, passwordHash })
    .from(user)
    .where(eq(sql`lower(${user.email})`, email.toLowerCase()));
  return row;
}

export type NewUser = typeof user.$inferInsert;

/** @throws a coded EMAIL_TAKEN */
export async function addUser({ query }: Database, account: NewUser): Promise<UserSource> {
  const [row] = await query.insert(user).values(account).onConflictDoNothing().returning(visible);
  if (row === undefined) throw codedError('EMAIL_TAKEN');
  return row;
}

/** Caches are told in the same transaction. @returns `undefined` when there is no such user. @throws a coded EMAIL_TAKEN */
export async function changeUser(
  { query }: Database,
  id: string,
  changes: Partial<Pick<NewUser, 'name' | 'email'>>,
  now: Date,
): Promise<UserSource | undefined> {
  try {
    return await query.transaction(async (transaction) => {
      const [row] = await transaction.update(user).set(changes).where(eq(user.id, id)).returning(visible);
      if (row === undefined) return undefined;
      const changed = { kind: 'entity', subgraph: 'users', type: 'User', key: { id: row.id } } as const;
      await writeInvalidations(transaction, outbox, [changed], now);
      return row;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw codedError('EMAIL_TAKEN');
    throw error;
  }
}

/** SQLSTATE 23505, as the driver reports it. */
function isUniqueViolation(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : undefined;
  return cause !== undefined && 'code' in cause && cause.code === '23505';
}
