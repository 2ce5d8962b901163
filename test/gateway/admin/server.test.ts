import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

describe('the admin server', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway([{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }]);
  });
  afterAll(() => gateway.close());

  const reload = (headers: Record<string, string>) => fetch(`${gateway.adminUrl}/reload`, { method: 'POST', headers });

  it.each([{ 'content-type': 'application/json' }, { 'apollo-require-preflight': '1' }])(
    'reloads for a request that no web page sends unasked: %j',
    async (headers) => {
      const response = await reload(headers);
      expect([response.status, await response.json()]).toEqual([
        200,
        expect.objectContaining({ outcome: 'unchanged' }),
      ]);
    },
  );

  it.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }])(
    'does not reload for what any web page can send: %j',
    async (headers) => {
      const response = await reload(headers);
      const body = { errors: [{ message: expect.any(String), extensions: { code: 'CSRF_PREVENTED' } }] };
      expect([response.status, await response.json()]).toEqual([400, body]);
    },
  );

  it.each([
    { method: 'GET', path: '/', message: /there are GET \/health, .* POST \/reload, \/invalidate and \/revoke/ },
    { method: 'GET', path: '/reload', message: /there are GET/ },
    { method: 'POST', path: '/invalidate', message: /set cache\.invalidation\.key/ },
    { method: 'POST', path: '/revoke', message: /set authentication\.revocation\.key/ },
  ])('says what there is instead of $method $path', async ({ method, path, message }) => {
    const response = await fetch(`${gateway.adminUrl}${path}`, { method });
    expect(response.status).toBe(404);
    const told = { message: expect.stringMatching(message), extensions: { code: 'NOT_FOUND' } };
    expect(await response.json()).toEqual({ errors: [told] });
  });

  it('says that it lives and which graph it serves', async () => {
    const health = await fetch(`${gateway.adminUrl}/health`);
    expect(await health.json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${gateway.adminUrl}/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ready', subgraphs: ['one'] });
  });
});
