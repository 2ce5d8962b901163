import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { demoId } from '../../subgraphs/demo.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { createTestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';

const ADA = demoId('user', 1);

describe('the routes of the lesson, answered by operations', () => {
  const stack = new ClosingStack();
  let gateway: TestGateway;
  let ada: { authorization: string };
  let charles: { authorization: string };

  beforeAll(async () => {
    const database = stack.add('database', await createTestDatabase());
    const system = stack.add('subgraphs', await startTestSystem(database.url));
    gateway = stack.add('gateway', await startGatewayOver(system, { GATEWAY_REST_OPERATIONS: 'gateway/routes' }));
    ada = await logIn(gateway, 'ada@example.com');
    charles = await logIn(gateway, 'charles@example.com');
  }, 60_000);
  afterAll(() => stack.close());

  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(`${gateway.url}${path}`, init);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  it('say who asks, in one call what took three', async () => {
    const { status, body } = await ask('/api/me', { headers: ada });
    expect(status).toBe(200);
    const user = await ask('/api/users/me', { headers: ada });
    const orders = await ask(`/api/orders?userId=${ADA}`, { headers: ada });
    const notifications = await ask(`/api/notifications?userId=${ADA}`, { headers: ada });
    const { orders: own, notifications: told, ...rest } = body;
    expect(rest).toEqual(user.body);
    expect(own).toEqual((orders.body as unknown as object[]).map((order) => expect.objectContaining(without(order))));
    expect(told).toHaveLength((notifications.body as unknown as object[]).length);
    expect(own).not.toEqual([]);
  });

  it.each(['/api/me', '/api/users/me', `/api/orders?userId=${ADA}`, `/api/notifications?userId=${ADA}`])(
    'are 401 without a token, and with one that is not valid: %s',
    async (path) => {
      const codes: unknown[] = [];
      for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
        const { status, body } = await ask(path, { headers });
        codes.push(status, (body.errors as { extensions: { code: string } }[])[0]?.extensions.code.slice(0, 5));
      }
      expect(codes).toEqual([401, 'UNAUT', 401, 'UNAUT']);
    },
  );

  it('are 403 for another', async () => {
    for (const path of [`/api/orders?userId=${ADA}`, `/api/notifications?userId=${ADA}`])
      expect(await ask(path, { headers: charles })).toMatchObject({ status: 403 });
  });

  it('write, for the owner', async () => {
    const path = `/api/notifications/${demoId('notification', 1)}/read`;
    const post = (headers: Record<string, string>) =>
      ask(path, { method: 'POST', headers: { 'apollo-require-preflight': '1', ...headers } });
    expect(await post(charles)).toMatchObject({ status: 403 });
    expect(await post(ada)).toMatchObject({ status: 200, body: { readAt: expect.any(String) } });
  });
});

/** What `/api/me` does not ask for. */
function without(order: object): object {
  const { placedAt: _, ...rest } = order as { placedAt: string };
  return rest;
}
