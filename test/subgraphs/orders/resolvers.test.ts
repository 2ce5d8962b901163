import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { DEMO_USERS, demoId } from '../../../subgraphs/demo.ts';
import { DEMO_ORDERS } from '../../../subgraphs/demo-orders.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { ORDER_FIELDS, type StartedOrders, startOrders } from './start-orders.ts';

const ADA = demoId('user', 1);
const ENTITIES = `query ($representations: [_Any!]!, $first: Int, $status: OrderStatus) {
  _entities(representations: $representations) {
    ... on Order { ${ORDER_FIELDS} }
    ... on User { id orders(first: $first, status: $status) { id status placedAt } }
  }
}`;
const HISTORY = `query ($representations: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $representations) {
    ... on User {
      orderHistory(first: $first, after: $after) {
        edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
}`;

interface Entity {
  readonly id: string;
  readonly orders: readonly { readonly id: string; readonly status: string; readonly placedAt: string }[] | null;
}

interface History {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

type Token = () => string | undefined;

describeOnEachPostgres('the graph of orders', (kind) => {
  let database: TestDatabase;
  let service: StartedOrders;
  let ada: string;
  let charles: string;
  let admin: string;
  let other: string;

  beforeAll(async () => {
    database = await kind.create();
    service = await startOrders({ databaseUrl: database.url, seed: 'demo' });
    ada = await service.token({ subject: ADA });
    charles = await service.token({ subject: demoId('user', 2) });
    admin = await service.token({ subject: demoId('user', 20), scopes: ['admin'] });
    other = await service.token({ subject: 'service:shop' });
  });
  beforeEach(() => {
    service.statements.length = 0;
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });

  const entities = (keys: readonly object[], token?: string, more: Readonly<Record<string, unknown>> = {}) =>
    ask<{ _entities: (Entity | null)[] }>(service.url, ENTITIES, {
      ...{ variables: { representations: keys, ...more }, token },
    });
  const user = (id: string) => ({ __typename: 'User', id });
  const history = async (userId: string, token: string, more: Readonly<Record<string, unknown>> = {}) => {
    const variables = { representations: [user(userId)], ...more };
    const answer = await ask<{ _entities: { orderHistory: History | null }[] }>(service.url, HISTORY, {
      ...{ variables, token },
    });
    return { ...answer, history: answer.data._entities[0]?.orderHistory ?? undefined };
  };
  /** The demo orders of a user, newest first. */
  const ordersOf = (userId: string) => DEMO_ORDERS.filter((order) => order.userId === userId);

  it('shows all of an order, with references to its user and products', async () => {
    const [demo] = ordersOf(ADA);
    const { data, codes } = await ask(service.url, `query ($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } }`, {
      ...{ variables: { id: demo?.id }, token: ada },
    });
    expect(codes).toEqual([]);
    const lines = demo?.lines.map(({ productId, ...line }) => ({ product: { id: productId }, ...line }));
    expect(data.order).toEqual({
      ...{ id: demo?.id, status: demo?.status, placedAt: demo?.placedAt.toISOString() },
      ...{ total: demo?.total, currency: 'EUR', user: { id: ADA } },
      lines: lines?.toSorted((a, b) => (a.product.id < b.product.id ? -1 : 1)),
    });
  });

  it.each<[string, Token, string[], string[]]>([
    ['an anonymous caller', () => undefined, ['UNAUTHENTICATED'], ['UNAUTHENTICATED']],
    ['someone else', () => charles, ['FORBIDDEN'], []],
    ['another service', () => other, ['FORBIDDEN'], []],
    ['its user', () => ada, [], []],
    ['an administrator', () => admin, [], []],
  ])('answers order(id) to %s, and null where there is none', async (_title, token, codes, codesOfNone) => {
    const find = (id: string | undefined) =>
      ask(service.url, 'query ($id: ID!) { order(id: $id) { id } }', { variables: { id }, token: token() });
    const id = ordersOf(ADA)[0]?.id ?? '';
    const order = codes.length === 0 ? { id } : null;
    expect(await find(id)).toMatchObject({ status: 200, data: { order }, codes });
    expect(await find(id.toUpperCase())).toMatchObject({ data: { order }, codes });
    for (const none of [randomUUID(), 'nothing', "1'; --\u0000"]) {
      expect(await find(none)).toMatchObject({ data: { order: null }, codes: codesOfNone });
    }
  });

  it.each<[string, Token, string[]]>([
    ['an anonymous caller', () => undefined, ['UNAUTHENTICATED', 'UNAUTHENTICATED']],
    ['someone else', () => charles, ['FORBIDDEN', 'FORBIDDEN']],
    ['another service', () => other, ['FORBIDDEN', 'FORBIDDEN']],
    ['the user', () => ada, []],
    ['an administrator', () => admin, []],
  ])('gives the entities to %s as it should', async (_title, token, codes) => {
    const [first] = ordersOf(ADA);
    const answer = await entities([{ __typename: 'Order', id: first?.id }, user(ADA)], token());
    expect(answer.codes).toEqual(codes);
    const isAllowed = codes.length === 0;
    const orders = isAllowed ? ordersOf(ADA).map(({ id }) => expect.objectContaining({ id })) : null;
    expect(answer.data._entities).toEqual([
      isAllowed ? expect.objectContaining({ id: first?.id }) : null,
      { id: ADA, orders },
    ]);
  });

  it('lists the newest orders first, of any status or of one', async () => {
    const all = ordersOf(ADA);
    const list = async (more: object) => {
      const { data } = await entities([user(ADA)], ada, { ...more });
      return data._entities[0]?.orders?.map(({ id }) => id);
    };
    expect(await list({})).toEqual(all.map(({ id }) => id));
    expect(await list({ first: 2 })).toEqual(all.slice(0, 2).map(({ id }) => id));
    for (const status of ['PLACED', 'CANCELLED']) {
      expect(await list({ status })).toEqual(all.filter((order) => order.status === status).map(({ id }) => id));
    }
  });

  it.each([0, -1, 101])('refuses first: %d, as an error of the field alone', async (first) => {
    const { data, codes, errors } = await entities([user(ADA)], ada, { first });
    expect(data._entities).toEqual([{ id: ADA, orders: null }]);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]).toMatchObject({ message: 'first must be between 1 and 100.', extensions: { argument: 'first' } });
    expect(await history(ADA, ada, { first })).toMatchObject({ history: undefined, codes: ['BAD_USER_INPUT'] });
  });

  it('knows nothing of users whose ids are none', async () => {
    const { data, codes } = await entities([user('nobody'), user(randomUUID())], admin);
    expect(data._entities.map((entity) => entity?.orders)).toEqual([[], []]);
    expect(codes).toEqual([]);
    expect((await history('nobody', admin)).history?.edges).toEqual([]);
  });

  it('goes through the history page by page, and shows each order once', async () => {
    const seen: string[] = [];
    let after: unknown;
    for (let page = 0; page < 3; page++) {
      const { history: found } = await history(ADA, ada, { first: 2, after });
      seen.push(...(found?.edges ?? []).map(({ node }) => node.id));
      expect(found?.pageInfo).toEqual({
        hasNextPage: page < 2,
        hasPreviousPage: page > 0,
        startCursor: found?.edges[0]?.cursor,
        endCursor: found?.edges.at(-1)?.cursor,
      });
      after = found?.pageInfo.endCursor;
    }
    expect(seen).toEqual(ordersOf(ADA).map(({ id }) => id));
    expect((await history(ADA, ada, { after })).history).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } });
  });

  it.each(['nonsense', toCursor('yesterday', '1'), toCursor('0000-01-01T00:00:00Z', ADA)])(
    'refuses a cursor that it did not give: %s',
    async (after) => {
      expect(await history(ADA, ada, { after })).toMatchObject({ history: undefined, codes: ['BAD_USER_INPUT'] });
    },
  );

  it('finds fifty orders by one statement, and their lines by another', async () => {
    const keys = DEMO_ORDERS.slice(0, 50).map(({ id }) => ({ __typename: 'Order', id }));
    const { data } = await entities(keys, admin);
    expect(data._entities.map((entity) => entity?.id)).toEqual(keys.map(({ id }) => id));
    expect(service.statements).toHaveLength(2);
  });

  it('finds a page of the histories of twenty users by one statement', async () => {
    const variables = { representations: DEMO_USERS.map(({ id }) => user(id)), first: 1 };
    const { data } = await ask<{ _entities: { orderHistory: History }[] }>(service.url, HISTORY, {
      ...{ variables, token: admin },
    });
    expect(data._entities.map(({ orderHistory }) => orderHistory.edges.map(({ node }) => node.id))).toEqual(
      DEMO_USERS.map(({ id }) => [ordersOf(id)[0]?.id]),
    );
    expect(service.statements).toHaveLength(1);
  });

  it('finds the orders of twenty users by one statement', async () => {
    const { data } = await entities(
      DEMO_USERS.map(({ id }) => user(id)),
      admin,
      { first: 3 },
    );
    const expected = DEMO_USERS.map(({ id }) => ordersOf(id).slice(0, 3));
    expect(data._entities.map((entity) => entity?.orders?.map(({ id }) => id))).toEqual(
      expected.map((orders) => orders.map(({ id }) => id)),
    );
    expect(service.statements).toHaveLength(1);
  });
});

/** A cursor made by hand. */
function toCursor(...key: string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}
