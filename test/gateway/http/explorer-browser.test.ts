import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../support/browser.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { describeWithChromium } from '../../support/servers.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** As much of the example graph as the explorer's ready query asks for. */
const SDL = `
  type Query { me: User }
  type User { name: String, email: String, orders: [Order!], notifications: [Notification!] }
  type Order { id: ID!, total: String! }
  type Notification { message: String! }
`;

describeWithChromium('the explorer, in a browser', () => {
  let subgraph: RawServer;
  let gateway: TestGateway;
  let browser: Browser;

  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ data: { me: { name: `caller with ${request.headers.authorization}` } } }));
      });
    });
    gateway = await startTestGateway([{ name: 'one', url: subgraph.url, sdl: SDL }]);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
    await subgraph.close();
  });

  it('draws the plan of the last answer, by keyboard as well', async () => {
    const page = await browser.newPage();
    await page.goto(`${gateway.url}/graphql`);
    await page.getByRole('button', { name: 'Show Plan' }).focus();
    await page.keyboard.press('Enter');
    const plan = page.getByRole('region', { name: 'Plan' });
    await plan.getByText('Run a query').waitFor();
    await page.getByRole('button', { name: /execute query/i }).focus();
    await page.keyboard.press('Enter');
    const fetch = plan.getByRole('article', { name: 'fetch from one' });
    await fetch.waitFor();
    expect(await plan.locator('.plan-summary').textContent()).toMatch(/^Me · [\d.]+ ms/);
    await fetch.getByText('1 try').focus();
    await page.keyboard.press('Enter');
    await fetch.getByText(`${subgraph.url} · 200`).waitFor();
    await page.close();
  });

  it('runs the ready query with the token that was set, and needs nothing from elsewhere', async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const faults: string[] = [];
    page.on('request', (request) => {
      if (
        !request.url().startsWith(gateway.url) &&
        !request.url().startsWith('data:') &&
        !request.url().startsWith('blob:')
      )
        elsewhere.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    // What the content security policy keeps from the page is told here.
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
    });

    await page.goto(`${gateway.url}/graphql`);
    await page.getByLabel('Access token').fill('abc');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('Requests carry your token').waitFor();
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.result-window').getByText('caller with Bearer abc').waitFor();
    // Dialogs bring styles of their own.
    await page.getByRole('button', { name: /settings/i }).click();
    await page.getByRole('dialog').waitFor();
    expect(elsewhere).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
