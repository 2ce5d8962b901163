import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const SUBGRAPHS = [{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }];

describe('the explorer', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(SUBGRAPHS);
  });
  afterAll(() => gateway.close());

  const get = (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
    fetch(`${gateway.url}${path}`, { headers: { accept } });

  it('opens for a browser at /graphql, with all it needs from this server', async () => {
    const page = await get('/graphql');
    expect([page.status, page.url, page.headers.get('content-type')]).toEqual([
      200,
      `${gateway.url}/graphql/explorer`,
      'text/html; charset=utf-8',
    ]);
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets).toHaveLength(8);
    for (const path of assets) {
      expect(path).toMatch(/^\/graphql\/explorer\//);
      const asset = await get(path);
      expect([path, asset.status]).toEqual([path, 200]);
      expect((await asset.text()).length).toBeGreaterThan(100);
    }
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('is where a browser comes that opens the address alone', async () => {
    expect((await get('/')).url).toBe(`${gateway.url}/graphql/explorer`);
    expect((await get('/', 'application/json')).status).toBe(404);
  });

  it('does not stand in the way of a program', async () => {
    expect((await get('/graphql', 'application/json')).status).toBe(400);
  });

  it('can be turned off', async () => {
    const plain = await startTestGateway(SUBGRAPHS, { GATEWAY_HTTP_EXPLORER: 'false' });
    const response = await fetch(`${plain.url}/graphql`, { headers: { accept: 'text/html,*/*' } });
    expect(response.headers.get('content-type')).toContain('application/json');
    await plain.close();
  });
});
