import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { logIn } from '../support/log-in.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const ADA = {
  id: demoId('user', 1),
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  role: 'CUSTOMER',
  createdAt: '2026-01-01T00:00:00.000Z',
};

describeOnEachPostgres('the REST resources of users', (kind) => {
  let database: TestDatabase;
  let service: TestService;
  let ada: string;
  let admin: string;

  beforeAll(async () => {
    database = await kind.create();
    const environment = { SEED: 'demo' };
    service = await startTestService(createUsers(cheapPasswords()), { databaseUrl: database.url, environment });
    ada = (await logIn(service.url, 'ada@example.com')).accessToken;
    admin = (await logIn(service.url, 'admin@example.com')).accessToken;
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  async function get(path: string, token?: string): Promise<{ status: number; body: unknown }> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${service.url}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  it('show a user to itself and to administrators', async () => {
    expect(await get('/users/me', ada)).toEqual({ status: 200, body: ADA });
    expect(await get(`/users/${ADA.id}`, ada)).toEqual({ status: 200, body: ADA });
    expect(await get(`/users/${ADA.id}`, admin)).toEqual({ status: 200, body: ADA });
  });

  it('show nobody to others', async () => {
    const charles = `/users/${demoId('user', 2)}`;
    expect(await get('/users/me')).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    expect(await get(charles)).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    expect(await get(charles, ada)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
    expect(await get('/users/me', 'forged')).toMatchObject({ status: 401 });
  });

  it.each([demoId('user', 999), 'nothing', '%00'])('know no user %s', async (id) => {
    expect(await get(`/users/${id}`, admin)).toEqual({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no such user.' } },
    });
  });
});
