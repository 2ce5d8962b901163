import type { Database } from '../../service/database.ts';
import { DEMO_PASSWORD, DEMO_USERS } from '../demo.ts';
import type { Passwords } from './passwords.ts';
import { user } from './tables.ts';

/** Adds the demo users, if there are no users yet. Their password is hashed once: everybody knows it anyway. */
export async function seedUsers({ query }: Database, passwords: Passwords): Promise<void> {
  if ((await query.$count(user)) > 0) return;
  const passwordHash = await passwords.hash(DEMO_PASSWORD);
  // A fixed day for each, so that the order of the list is that of the demo data.
  const rows = DEMO_USERS.map((one, index) => ({
    ...one,
    passwordHash,
    createdAt: new Date(Date.UTC(2026, 0, 1 + index)),
  }));
  await query.insert(user).values(rows).onConflictDoNothing();
}
