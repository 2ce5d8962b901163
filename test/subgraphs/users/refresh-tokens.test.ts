import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../../service/database.ts';
import { addUser } from '../../../subgraphs/users/data.ts';
import { createRefreshTokens, type RefreshTokens } from '../../../subgraphs/users/refresh-tokens.ts';
import { session } from '../../../subgraphs/users/tables.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

const DAY_MS = 86_400_000;

describeOnEachPostgres('refresh tokens', (kind) => {
  let server: TestDatabase;
  let database: Database;
  let tokens: RefreshTokens;
  let userId: string;
  let now = new Date('2026-07-04T09:30:00.000Z');

  beforeAll(async () => {
    server = await kind.create();
    database = await openTestDatabase('users', server.url);
    tokens = createRefreshTokens({ database, ttlDays: 30, now: () => now });
    const account = {
      name: 'Ada',
      email: 'ada@example.com',
      role: 'CUSTOMER',
      passwordHash: '',
      createdAt: now,
    } as const;
    userId = (await addUser(database, account)).id;
  });

  afterAll(async () => {
    await database.close();
    await server.close();
  });

  it('expire when they are not used for thirty days', async () => {
    const token = await tokens.begin(userId);
    now = new Date(now.getTime() + 30 * DAY_MS - 1);
    const { token: next } = await tokens.exchange(token);
    now = new Date(now.getTime() + 30 * DAY_MS);
    await expect(tokens.exchange(next)).rejects.toMatchObject({ extensions: { code: 'INVALID_REFRESH_TOKEN' } });
  });

  it('leave nothing behind when they have expired', async () => {
    await tokens.begin(userId);
    now = new Date(now.getTime() + 31 * DAY_MS);
    await tokens.begin(userId);
    expect(await database.query.$count(session)).toBe(1);
  });

  it('cannot outlive a session that ends while one is exchanged', async () => {
    const spent = await tokens.begin(userId);
    const { token } = await tokens.exchange(spent);
    const [, exchange] = await Promise.allSettled([tokens.exchange(spent), tokens.exchange(token)]);
    if (exchange.status === 'fulfilled') await expect(tokens.exchange(exchange.value.token)).rejects.toThrow();
  });
});
