import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { describeWithChromium } from '../../support/servers.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

describeWithChromium('a page of another origin, in a browser', () => {
  let shop: RawServer;
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    shop = await startRawServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>shop'));
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: 'type Query { hello: String }',
      resolvers: { Query: { hello: () => 'hello' } },
    });
    subgraph.control = 'max-age=60, public';
    gateway = await startTestGateway([subgraph.schema], { GATEWAY_HTTP_CORS_ORIGINS: new URL(shop.url).origin });
    browser = await startBrowser();
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([gateway.close(), subgraph.close(), shop.close()]);
  });

  /** @param query what the browser has kept of another one answers nothing of this */
  const ask = (query: string, headers: Record<string, string>) =>
    page.evaluate(
      async ([url, sent]) => {
        try {
          const response = await fetch(url, { headers: sent });
          return { body: await response.json(), etag: response.headers.get('etag') };
        } catch (error) {
          return String(error);
        }
      },
      [`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, headers] as const,
    );

  it('asks and reads, headers included, when its origin is named', async () => {
    await page.goto(shop.url);
    expect(await ask('{ hello }', { 'apollo-require-preflight': '1' })).toEqual({
      body: { data: { hello: 'hello' } },
      etag: expect.stringMatching(/^".+"$/),
    });
  });

  it('gets nothing when it is not, nor when it asks without a preflight', async () => {
    await page.goto(shop.url);
    const before = subgraph.calls.length;
    expect(await ask('{ bare: hello }', {})).toMatchObject({
      body: { errors: [{ extensions: { code: 'CSRF_PREVENTED' } }] },
    });
    await page.goto(shop.url.replace('127.0.0.1', 'localhost'));
    expect(await ask('{ elsewhere: hello }', { 'apollo-require-preflight': '1' })).toMatch(/Failed to fetch/);
    expect(subgraph.calls.length).toBe(before);
  });
});
