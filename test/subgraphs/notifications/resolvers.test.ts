import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { orderPlaced } from './order-event.ts';
import { type StartedNotifications, startNotifications } from './start-notifications.ts';

const ADA = randomUUID();
const CHARLES = randomUUID();
const IDA = randomUUID();
const NOTIFICATION = 'query ($id: ID!) { notification(id: $id) { kind message createdAt readAt order { id } } }';
const MARK = 'mutation ($id: ID!) { markRead(id: $id) { id readAt } }';
const ENTITIES = `query ($representations: [_Any!]!, $unreadOnly: Boolean, $first: Int) {
  _entities(representations: $representations) {
    ... on Notification { id message }
    ... on User { notifications(unreadOnly: $unreadOnly, first: $first) { id } }
  }
}`;

interface Entities {
  readonly _entities: ({ readonly id?: string; readonly notifications: { readonly id: string }[] | null } | null)[];
}

type Token = () => string | undefined;

describeOnEachPostgres('the graph of notifications', (kind) => {
  let database: TestDatabase;
  let service: StartedNotifications;
  let ada: string;
  let charles: string;
  let admin: string;
  let orders: string;
  let now = new Date('2026-07-04T09:30:00.000Z');
  let occurred = new Date('2026-07-01T00:00:00.000Z');

  beforeAll(async () => {
    database = await kind.create();
    service = await startNotifications({ databaseUrl: database.url, now: () => now });
    ada = await service.token({ subject: ADA, scopes: ['user'] });
    charles = await service.token({ subject: CHARLES, scopes: ['user'] });
    admin = await service.token({ subject: IDA, scopes: ['user', 'admin'] });
    orders = await service.token({ subject: 'service:orders', scopes: ['stock:reserve'] });
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  /** Tells a user of so many orders, one after the other. @returns the ids of all that the user was told, newest first */
  async function tell(userId: string, count: number): Promise<string[]> {
    for (let told = 0; told < count; told++) {
      occurred = new Date(occurred.getTime() + 60_000);
      await service.events.publish(orderPlaced({ userId, occurredAt: occurred.toISOString() }));
    }
    const { rows } = await service.pool.query(
      'select id from notifications.notification where user_id = $1 order by created_at desc',
      [userId],
    );
    return rows.map(({ id }) => String(id));
  }

  const find = (id: string | undefined, token?: string) => ask(service.url, NOTIFICATION, { variables: { id }, token });
  const mark = (id: string | undefined, token?: string) =>
    ask<{ markRead: unknown }>(service.url, MARK, { variables: { id }, token });

  async function list(userId: string, token?: string, range: Readonly<Record<string, unknown>> = {}) {
    const representations = [{ __typename: 'User', id: userId }];
    const { data, codes } = await ask<Entities>(service.url, ENTITIES, {
      variables: { representations, ...range },
      token,
    });
    return { ids: data._entities[0]?.notifications?.map(({ id }) => id), codes };
  }

  it('shows all of a notification, with a reference to its order', async () => {
    const orderId = randomUUID();
    const userId = randomUUID();
    await service.events.publish(orderPlaced({ userId, orderId, occurredAt: '2026-07-01T10:00:00.000Z' }));
    const token = await service.token({ subject: userId });
    const { ids } = await list(userId, token);
    expect(await find(ids?.[0], token)).toMatchObject({
      data: {
        notification: {
          kind: 'ORDER_PLACED',
          message: 'Your order of 3 items for 33.90 EUR has been placed.',
          createdAt: '2026-07-01T10:00:00.000Z',
          readAt: null,
          order: { id: orderId },
        },
      },
      codes: [],
    });
  });

  it.each<[string, Token, string[], string[]]>([
    ['an anonymous caller', () => undefined, ['UNAUTHENTICATED'], ['UNAUTHENTICATED']],
    ['someone else', () => charles, ['FORBIDDEN'], []],
    ['another service', () => orders, ['FORBIDDEN'], []],
    ['its user', () => ada, [], []],
    ['an administrator', () => admin, [], []],
  ])('answers notification(id) to %s, and null where there is none', async (_title, token, codes, codesOfNone) => {
    const [id] = await tell(ADA, 1);
    const shown = codes.length === 0 ? expect.objectContaining({ kind: 'ORDER_PLACED' }) : null;
    expect(await find(id, token())).toMatchObject({ status: 200, data: { notification: shown }, codes });
    expect((await find(id?.toUpperCase(), token())).codes).toEqual(codes);
    for (const none of [randomUUID(), 'nothing', "1'; --\u0000"]) {
      expect(await find(none, token())).toMatchObject({ data: { notification: null }, codes: codesOfNone });
    }
  });

  it.each<[string, Token, string[]]>([
    ['an anonymous caller', () => undefined, ['UNAUTHENTICATED']],
    ['someone else', () => charles, ['FORBIDDEN']],
    ['another service', () => orders, ['FORBIDDEN']],
    ['the user', () => ada, []],
    ['an administrator', () => admin, []],
  ])('lists the notifications of a user to %s', async (_title, token, codes) => {
    const told = await tell(ADA, 1);
    const expected = { ids: codes.length === 0 ? told.slice(0, 20) : undefined, codes };
    expect(await list(ADA, token())).toEqual(expected);
    expect(await list(ADA.toUpperCase(), token())).toEqual(expected);
  });

  it('lists nothing for a user who is nobody', async () => {
    expect(await list(randomUUID(), admin)).toEqual({ ids: [], codes: [] });
    expect(await list('nobody', admin)).toEqual({ ids: [], codes: [] });
  });

  it('refuses a token that is not valid before anything else', async () => {
    const expired = await service.token({ subject: ADA, expiresInS: -60 });
    expect(await mark(randomUUID(), expired)).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
  });

  it('lists the newest first: twenty, or as many as were asked for', async () => {
    const userId = randomUUID();
    const told = await tell(userId, 101);
    expect((await list(userId, admin)).ids).toEqual(told.slice(0, 20));
    expect((await list(userId, admin, { first: null })).ids).toEqual(told.slice(0, 20));
    expect((await list(userId, admin, { first: 1 })).ids).toEqual(told.slice(0, 1));
    expect((await list(userId, admin, { first: 100 })).ids).toEqual(told.slice(0, 100));
  });

  it.each([0, -1, 101])('refuses notifications(first: %d)', async (first) => {
    expect(await list(ADA, ada, { first })).toEqual({ ids: undefined, codes: ['BAD_USER_INPUT'] });
  });

  it('lists the unread ones only, when asked to', async () => {
    const userId = randomUUID();
    const token = await service.token({ subject: userId });
    const [newest, middle, oldest] = await tell(userId, 3);
    await mark(middle, token);
    expect((await list(userId, token, { unreadOnly: true })).ids).toEqual([newest, oldest]);
    expect((await list(userId, token, { unreadOnly: true, first: 1 })).ids).toEqual([newest]);
    expect((await list(userId, token, { unreadOnly: false })).ids).toEqual([newest, middle, oldest]);
    expect((await list(userId, token, { unreadOnly: null })).ids).toEqual([newest, middle, oldest]);
  });

  it('marks a notification as read, and keeps the time when it first was', async () => {
    const [id] = await tell(ADA, 1);
    expect((await find(id, ada)).data).toMatchObject({ notification: { readAt: null } });
    const readAt = now.toISOString();
    const marked = { data: { markRead: { id, readAt } }, codes: [] };
    expect(await mark(id, ada)).toMatchObject(marked);
    now = new Date(now.getTime() + 60_000);
    expect(await mark(id, ada)).toMatchObject(marked);
    expect((await find(id, ada)).data).toMatchObject({ notification: { readAt } });
  });

  it('marks a notification once when asked many times at once', async () => {
    const [id] = await tell(ADA, 1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => mark(id, ada)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
  });

  it.each<[string, Token, string]>([
    ['an anonymous caller', () => undefined, 'UNAUTHENTICATED'],
    ['someone else', () => charles, 'FORBIDDEN'],
    ['an administrator', () => admin, 'FORBIDDEN'],
  ])('lets %s not mark what is not their own', async (_title, token, code) => {
    const userId = randomUUID();
    const [id] = await tell(userId, 1);
    expect(await mark(id, token())).toMatchObject({ data: { markRead: null }, codes: [code] });
    expect((await list(userId, admin, { unreadOnly: true })).ids).toEqual([id]);
  });

  it.each([randomUUID(), 'nothing', '\u0000'])('cannot mark %j, which is not there', async (id) => {
    expect(await mark(id, ada)).toMatchObject({ data: { markRead: null }, codes: ['NOT_FOUND'] });
  });

  it('resolves fifty references by one query, in their order, and null for what is not there', async () => {
    const told = await tell(randomUUID(), 40);
    const ids = [...told, ...Array.from({ length: 10 }, (_, index) => (index === 0 ? 'nothing' : randomUUID()))];
    const representations = ids.map((id) => ({ __typename: 'Notification', id }));
    service.statements.length = 0;
    const { data } = await ask<Entities>(service.url, ENTITIES, { variables: { representations }, token: admin });
    expect(service.statements).toHaveLength(1);
    expect(data._entities.map((entity) => entity?.id)).toEqual([...told, ...Array(10).fill(undefined)]);
  });

  it('refuses the references to notifications of others, and only those', async () => {
    const [own] = await tell(ADA, 1);
    const [foreign] = await tell(CHARLES, 1);
    const representations = [own, foreign].map((id) => ({ __typename: 'Notification', id }));
    const { data, codes } = await ask<Entities>(service.url, ENTITIES, { variables: { representations }, token: ada });
    expect(data._entities).toEqual([expect.objectContaining({ id: own }), null]);
    expect(codes).toEqual(['FORBIDDEN']);
  });

  it('lists the notifications of fifty users by one query, to each their own', async () => {
    const users = Array.from({ length: 50 }, () => randomUUID());
    const told = await Promise.all(users.map((userId, index) => (index % 2 === 0 ? tell(userId, 3) : [])));
    const representations = users.map((id) => ({ __typename: 'User', id }));
    service.statements.length = 0;
    const variables = { representations, first: 2 };
    const { data } = await ask<Entities>(service.url, ENTITIES, { variables, token: admin });
    expect(service.statements).toHaveLength(1);
    expect(data._entities.map((entity) => entity?.notifications?.map(({ id }) => id))).toEqual(
      told.map((ids) => ids.slice(0, 2)),
    );
  });
});
