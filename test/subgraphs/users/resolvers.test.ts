import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DEMO_USERS, demoId } from '../../../subgraphs/demo.ts';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { logIn } from '../support/log-in.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const ADA = demoId('user', 1);
const CHARLES = demoId('user', 2);
const NOBODY = demoId('user', 999);
const USER = 'query ($id: ID!) { user(id: $id) { name } }';
const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { id name } } }';

interface UsersPage {
  readonly users: {
    readonly edges: { readonly node: { readonly id: string; readonly email: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

describeOnEachPostgres('the graph of users', (kind) => {
  let database: TestDatabase;
  let service: TestService;
  let ada: string;
  let admin: string;

  beforeAll(async () => {
    database = await kind.create();
    service = await startTestService(createUsers(cheapPasswords()), {
      databaseUrl: database.url,
      environment: { SEED: 'demo' },
    });
    ada = (await logIn(service.url, 'ada@example.com')).accessToken;
    admin = (await logIn(service.url, 'admin@example.com')).accessToken;
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  function represent(ids: readonly string[]): Record<string, unknown> {
    return { representations: ids.map((id) => ({ __typename: 'User', id })) };
  }

  it('answers who is logged in, and null to an anonymous caller', async () => {
    const query = '{ me { id name email role createdAt } }';
    expect(await ask(service.url, query)).toMatchObject({ data: { me: null }, codes: [] });
    expect((await ask(service.url, query, { token: ada })).data).toEqual({
      me: {
        id: ADA,
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        role: 'CUSTOMER',
        createdAt: '2026-01-01T00:00:00.000Z',
      },
    });
  });

  it.each([
    ['an anonymous caller', () => undefined, CHARLES, { data: { user: null }, codes: ['UNAUTHENTICATED'] }],
    ['someone else', () => ada, CHARLES, { data: { user: null }, codes: ['FORBIDDEN'] }],
    ['someone else, for nobody', () => ada, NOBODY, { data: { user: null }, codes: ['FORBIDDEN'] }],
    ['the user', () => ada, ADA, { data: { user: { name: 'Ada Lovelace' } }, codes: [] }],
    ['the user, in upper case', () => ada, ADA.toUpperCase(), { data: { user: { name: 'Ada Lovelace' } }, codes: [] }],
    ['an administrator', () => admin, CHARLES, { data: { user: { name: 'Charles Babbage' } }, codes: [] }],
    ['an administrator, for nobody', () => admin, NOBODY, { data: { user: null }, codes: [] }],
    ['an administrator, for no UUID', () => admin, "1'; --\u0000", { data: { user: null }, codes: [] }],
  ])('answers user(id) of one user to %s', async (_title, token, id, expected) => {
    expect(await ask(service.url, USER, { variables: { id }, token: token() })).toMatchObject({
      status: 200,
      ...expected,
    });
  });

  it.each([
    ['an anonymous caller', () => undefined, [null, null], ['UNAUTHENTICATED', 'UNAUTHENTICATED']],
    ['one of them', () => ada, [{ id: ADA, name: 'Ada Lovelace' }, null], ['FORBIDDEN']],
    [
      'an administrator',
      () => admin,
      [
        { id: ADA, name: 'Ada Lovelace' },
        { id: CHARLES, name: 'Charles Babbage' },
      ],
      [],
    ],
  ])('resolves references to two users for %s', async (_title, token, entities, codes) => {
    const answer = await ask(service.url, ENTITIES, { variables: represent([ADA, CHARLES]), token: token() });
    expect(answer).toMatchObject({ data: { _entities: entities }, codes });
  });

  it('resolves fifty references by one query', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => demoId('user', index + 1));
    service.statements.length = 0;
    const { data } = await ask<{ _entities: unknown[] }>(service.url, ENTITIES, {
      variables: represent(ids),
      token: admin,
    });
    expect(service.statements).toHaveLength(1);
    expect(data._entities.filter((entity) => entity !== null)).toHaveLength(DEMO_USERS.length);
  });

  it('lists users to administrators only', async () => {
    const query = '{ users { edges { node { id } } } }';
    expect(await ask(service.url, query)).toMatchObject({ data: { users: null }, codes: ['UNAUTHENTICATED'] });
    expect(await ask(service.url, query, { token: ada })).toMatchObject({
      data: { users: null },
      codes: ['FORBIDDEN'],
    });
    expect((await ask<UsersPage>(service.url, query, { token: admin })).data.users.edges).toHaveLength(
      DEMO_USERS.length,
    );
  });

  it('walks all users page by page, each once', async () => {
    const query =
      'query ($after: String) { users(first: 7, after: $after) { edges { node { id email } } pageInfo { hasNextPage endCursor } } }';
    const emails: string[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const page: UsersPage = (await ask<UsersPage>(service.url, query, { variables: { after }, token: admin })).data;
      emails.push(...page.users.edges.map(({ node }) => node.email));
      after = page.users.pageInfo.endCursor;
      hasNext = page.users.pageInfo.hasNextPage;
    }
    expect(emails).toEqual(DEMO_USERS.map(({ email }) => email));
  });

  it.each([
    ['first: 0', 'first must be between 1 and 100.'],
    ['first: 101', 'first must be between 1 and 100.'],
    ['after: "WyJub3BlIl0"', /^after must be a cursor/],
  ])('refuses users(%s)', async (range, message) => {
    const answer = await ask(service.url, `{ users(${range}) { edges { cursor } } }`, { token: admin });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('changes the profile of the caller', async () => {
    const change = (fields: string, token?: string) =>
      ask(service.url, `mutation { updateProfile(${fields}) { id name email } }`, { token });
    expect((await change('name: "Ada"')).codes).toEqual(['UNAUTHENTICATED']);
    const grace = (await logIn(service.url, 'grace@example.com')).accessToken;
    expect((await change('name: " Rear Admiral Hopper "', grace)).data).toEqual({
      updateProfile: { id: demoId('user', 3), name: 'Rear Admiral Hopper', email: 'grace@example.com' },
    });
    expect((await change('email: "CHARLES@example.com"', grace)).codes).toEqual(['EMAIL_TAKEN']);
    expect((await change('email: "Grace@Example.com"', grace)).codes).toEqual([]);
    expect((await change('email: "nowhere"', grace)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await change('name: "a\\u0000b"', grace)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await change('name: null', grace)).codes).toEqual(['BAD_USER_INPUT']);
  });
});
