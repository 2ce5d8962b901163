import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { demoId } from '../../../subgraphs/demo.ts';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { type Answer, ask } from '../support/ask.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { logIn, type Session } from '../support/log-in.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const PASSWORD = 'difference-engine';

describeOnEachPostgres('accounts and sessions', (kind) => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await kind.create();
    service = await startTestService(createUsers(cheapPasswords()), {
      databaseUrl: database.url,
      environment: { SEED: 'demo' },
    });
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  const register = (account: { name: string; email: string; password: string }) =>
    ask<{ register: Session | null }>(
      service.url,
      'mutation ($name: String!, $email: String!, $password: String!) { register(name: $name, email: $email, password: $password) { accessToken refreshToken expiresAt } }',
      { variables: account },
    );
  const login = (email: string, password: string) =>
    ask<{ login: Session | null }>(
      service.url,
      'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { accessToken } }',
      { variables: { email, password } },
    );
  const refresh = (refreshToken: string): Promise<Answer<{ refresh: Session | null }>> =>
    ask(
      service.url,
      'mutation ($refreshToken: String!) { refresh(refreshToken: $refreshToken) { accessToken refreshToken expiresAt } }',
      { variables: { refreshToken } },
    );
  const logout = (refreshToken: string) =>
    ask(service.url, 'mutation ($refreshToken: String!) { logout(refreshToken: $refreshToken) }', {
      variables: { refreshToken },
    });

  it('makes an account for a customer, who is logged in at once', async () => {
    const { data } = await register({ name: 'Luigi Menabrea', email: 'Luigi@example.com', password: PASSWORD });
    const me = await ask(service.url, '{ me { name email role } }', { token: data.register?.accessToken });
    expect(me.data).toEqual({ me: { name: 'Luigi Menabrea', email: 'Luigi@example.com', role: 'CUSTOMER' } });
    expect((await login('luigi@EXAMPLE.com', PASSWORD)).codes).toEqual([]);
  });

  it('lets one of many who register with the same email at once', async () => {
    const answers = await Promise.all(
      ['twin@example.com', 'TWIN@example.com', 'Twin@Example.com'].map((email) =>
        register({ name: 'Twin', email, password: PASSWORD }),
      ),
    );
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['EMAIL_TAKEN', 'EMAIL_TAKEN']);
  });

  it.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
    ['a long name', { name: 'a'.repeat(101) }, 'name'],
    ['no email', { email: 'nobody' }, 'email'],
    ['a long email', { email: `${'a'.repeat(250)}@example.com` }, 'email'],
    ['a short password', { password: 'a'.repeat(11) }, 'password'],
    ['a long password', { password: 'a'.repeat(257) }, 'password'],
  ])('refuses to register with %s', async (_title, wrong, argument) => {
    const answer = await register({ name: 'New', email: 'new@example.com', password: PASSWORD, ...wrong });
    expect(answer).toMatchObject({ data: { register: null }, codes: ['BAD_USER_INPUT'] });
    expect(answer.errors[0]).toMatchObject({ extensions: { argument } });
    expect(answer.errors[0]?.message).toMatch(new RegExp(`^${argument} must`));
  });

  it('gives the same error for an unknown email, a wrong password and no text that could be either', async () => {
    const answers = await Promise.all([
      login('ada@example.com', 'wrong'),
      login('nobody@example.com', PASSWORD),
      login('', ''),
      login('\u0000', '\u0000'),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({ data: { login: null }, codes: ['INVALID_CREDENTIALS'] });
    expect(new Set(answers.map(({ errors }) => errors[0]?.message)).size).toBe(1);
  });

  it('issues access tokens by the profile of RFC 9068', async () => {
    const { accessToken, expiresAt } = await logIn(service.url, 'admin@example.com');
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(accessToken);
    expect(claims).toEqual({
      iss: 'http://localhost:4101',
      aud: 'tributary',
      sub: demoId('user', 20),
      scope: 'user admin',
      client_id: 'tributary',
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 900,
      jti: expect.any(String),
    });
    expect(expiresAt).toBe(new Date((claims.exp ?? 0) * 1_000).toISOString());
    expect(decodeJwt((await logIn(service.url, 'ada@example.com')).accessToken).scope).toBe('user');
  });

  it('exchanges a refresh token for a new session', async () => {
    const first = await logIn(service.url, 'ada@example.com');
    const second = (await refresh(first.refreshToken)).data.refresh;
    expect(second?.refreshToken).not.toBe(first.refreshToken);
    const me = await ask(service.url, '{ me { email } }', { token: second?.accessToken });
    expect(me.data).toEqual({ me: { email: 'ada@example.com' } });
  });

  it('ends the whole session when a refresh token is used again, and no other session', async () => {
    const other = await logIn(service.url, 'ada@example.com');
    const first = await logIn(service.url, 'ada@example.com');
    const second = (await refresh(first.refreshToken)).data.refresh;
    const third = (await refresh(second?.refreshToken ?? '')).data.refresh;
    expect((await refresh(first.refreshToken)).codes).toEqual(['INVALID_REFRESH_TOKEN']);
    expect((await refresh(third?.refreshToken ?? '')).codes).toEqual(['INVALID_REFRESH_TOKEN']);
    expect((await refresh(other.refreshToken)).codes).toEqual([]);
  });

  it('lets exactly one of many concurrent refreshes win', async () => {
    const { refreshToken } = await logIn(service.url, 'charles@example.com');
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
    expect(answers.filter(({ data }) => data.refresh !== null)).toHaveLength(1);
    expect(answers.flatMap(({ codes }) => codes)).toEqual(Array(9).fill('INVALID_REFRESH_TOKEN'));
  });

  it('refuses a password that nobody can have like any other, and hashes nothing for it', async () => {
    service.statements.length = 0;
    expect((await login('ada@example.com', 'a'.repeat(257))).codes).toEqual(['INVALID_CREDENTIALS']);
    expect(service.statements).toEqual([]);
  });

  it('hashes at most three passwords for one request', async () => {
    const logins = Array.from(
      { length: 5 },
      (_, index) => `login${index}: login(email: "ada@example.com", password: "wrong-${index}") { accessToken }`,
    );
    expect((await ask(service.url, `mutation { ${logins.join(' ')} }`)).codes).toEqual([
      ...Array(3).fill('INVALID_CREDENTIALS'),
      ...Array(2).fill('BAD_USER_INPUT'),
    ]);
    expect((await login('ada@example.com', 'wrong')).codes).toEqual(['INVALID_CREDENTIALS']);
  });

  it('ends a session at logout, as often as it is told', async () => {
    const { refreshToken } = await logIn(service.url, 'ada@example.com');
    expect((await logout(refreshToken)).data).toEqual({ logout: true });
    expect((await logout(refreshToken)).data).toEqual({ logout: true });
    expect((await logout('nonsense')).data).toEqual({ logout: true });
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('refuses a refresh token that it never gave', async () => {
    expect((await refresh(randomUUID())).codes).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('keeps neither passwords nor refresh tokens as they are', async () => {
    const { refreshToken } = await logIn(service.url, 'ada@example.com');
    const stored = await service.pool.query(
      'select (select json_agg(u) from users."user" u)::text || (select json_agg(t) from users.refresh_token t)::text as text',
    );
    expect(stored.rows[0].text).not.toContain(refreshToken);
    expect(stored.rows[0].text).not.toContain('analytical-engine');
    expect(stored.rows[0].text).toContain('$scrypt$ln=10,r=8,p=1$');
  });
});
