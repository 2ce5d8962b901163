import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ClosingStack } from '../../service/run.ts';
import { demoId } from '../../subgraphs/demo.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { createTestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';

/** The REST resources of the four subgraphs, by the routes of gateway/gateway.yaml. */

const [ADA, GRACE] = [demoId('user', 1), demoId('user', 2)];
const { routes } = parse(readFileSync('gateway/gateway.yaml', 'utf8')) as { routes: unknown };

describe('the REST resources of the subgraphs, through the gateway', () => {
  const stack = new ClosingStack();
  let gateway: TestGateway;
  let ada: Record<string, string>;

  beforeAll(async () => {
    const database = stack.add('database', await createTestDatabase());
    const system = stack.add('system', await startTestSystem(database.url));
    gateway = stack.add('gateway', await startGatewayOver(system, { GATEWAY_ROUTES: JSON.stringify(routes) }));
    ada = await logIn(gateway, 'ada@example.com');
  });
  afterAll(() => stack.close());

  async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${gateway.url}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  it('are those that the graph has', async () => {
    const { body } = await gateway.query('{ me { id email } }', { headers: ada });
    expect(await get('/users/me', ada)).toMatchObject({ status: 200, body: body.data?.me });
    expect(await get(`/users/${ADA}`, ada)).toMatchObject({ status: 200, body: body.data?.me });
    const { body: listed } = (await get('/products?first=1')) as { body: { products: { id: string }[] } };
    expect(listed.products).toHaveLength(1);
    const [product] = listed.products;
    expect(await get(`/products/${product?.id}`)).toMatchObject({ status: 200, body: { id: product?.id } });
    expect(await get(`/orders?userId=${ADA}`, ada)).toMatchObject({ status: 200, body: { orders: expect.any(Array) } });
    const notes = await get(`/notifications?userId=${ADA}`, ada);
    expect(notes).toMatchObject({ status: 200, body: { notifications: expect.any(Array) } });
  });

  it.each(['/users/me', `/orders?userId=${ADA}`, `/notifications?userId=${ADA}`])(
    'are refused by the gateway to who is not known: %s',
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    },
  );

  it('are refused by the service to whom they are not', async () => {
    for (const path of [`/users/${GRACE}`, `/orders?userId=${GRACE}`, `/notifications?userId=${GRACE}`])
      expect(await get(path, ada)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
  });

  it('are given to an administrator', async () => {
    const admin = await logIn(gateway, 'admin@example.com');
    expect(await get(`/orders?userId=${ADA}`, admin)).toMatchObject({ status: 200 });
  });

  it('end where routes do: what services have for one another is not there', async () => {
    expect((await get('/internal/reservations/1', ada)).status).toBe(404);
    expect((await get('/.well-known/jwks.json')).status).toBe(404);
    const posted = await fetch(`${gateway.url}/orders`, { method: 'POST', headers: ada });
    expect(posted.status).toBe(405);
  });
});
