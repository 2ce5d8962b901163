import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../service/config.ts';
import { DEMO_USERS } from '../../../subgraphs/demo.ts';
import { usersConfig } from '../../../subgraphs/users/config.ts';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { logIn } from '../support/log-in.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

describeOnEachPostgres('users, started again', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await kind.create();
  });

  afterEach(() => database.close());

  const start = (environment: Record<string, string>) =>
    startTestService(createUsers(cheapPasswords()), { databaseUrl: database.url, environment });

  async function count({ pool }: TestService): Promise<number> {
    return Number((await pool.query('select count(*) from users."user"')).rows[0].count);
  }

  it('have no accounts that nobody asked for', async () => {
    const service = await start({});
    expect(await count(service)).toBe(0);
    await service.close();
  });

  it('get the demo accounts once, and keep what became of them', async () => {
    const first = await start({ SEED: 'demo' });
    const { accessToken } = await logIn(first.url, 'ada@example.com');
    await ask(first.url, 'mutation { updateProfile(name: "Ada King") { id } }', { token: accessToken });
    await first.close();
    const second = await start({ SEED: 'demo' });
    expect(await count(second)).toBe(DEMO_USERS.length);
    // The token is still good, too: the keys are in the database.
    expect((await ask(second.url, '{ me { name } }', { token: accessToken })).data).toEqual({
      me: { name: 'Ada King' },
    });
    await second.close();
  });
});

describe('the options of users', () => {
  const read = (environment: Record<string, string>) =>
    readConfig({ schema: usersConfig, prefix: 'USERS', environment });

  it('take clients as JSON or one by one', () => {
    const orders = { secret: '0123456789abcdef', scopes: ['stock:reserve'] };
    expect(read({ USERS_CLIENTS: JSON.stringify({ orders }) }).clients).toEqual({ orders });
    const environment = { USERS_CLIENTS_ORDERS_SECRET: orders.secret, USERS_CLIENTS_ORDERS_SCOPES: 'stock:reserve' };
    expect(read(environment).clients).toEqual({ orders });
  });

  it.each([
    ['a short secret', { orders: { secret: 'short', scopes: ['stock:reserve'] } }, 'clients.orders.secret'],
    ['no scopes', { orders: { secret: '0123456789abcdef', scopes: [] } }, 'clients.orders.scopes'],
    ['a scope of two words', { orders: { secret: '0123456789abcdef', scopes: ['a b'] } }, 'clients.orders.scopes.0'],
    ['a name with a space', { 'the orders': { secret: '0123456789abcdef', scopes: ['a'] } }, 'clients.the orders'],
  ])('refuse a client with %s', (_title, clients, path) => {
    expect(() => read({ USERS_CLIENTS: JSON.stringify(clients) })).toThrow(`  ${path}: `);
  });
});
