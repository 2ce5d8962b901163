import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../support/browser.ts';
import { describeWithChromium } from '../../support/servers.ts';
import { UNCOMPOSABLE } from '../support/shop.ts';
import { type Browsing, browse, press, type Scheme, signIn } from './browse.ts';
import { EXAMPLE, type ExampleRegistry, SUBGRAPHS, startExampleRegistry } from './example-registry.ts';

describeWithChromium('the console, in a browser', () => {
  let registry: ExampleRegistry;
  let browser: Browser;

  beforeAll(async () => {
    registry = await startExampleRegistry({ console: { gatewayUrl: 'http://gateway.test:4000/' } });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await registry.close();
  });

  const heading = ({ page }: Browsing, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  const go = async (browsing: Browsing, path: string, title: string) => {
    await browsing.page.goto(`${registry.url}/#/${EXAMPLE}/${path}`);
    await heading(browsing, title).waitFor();
  };
  const card = ({ page }: Browsing, title: string) =>
    page.locator('section.card', { has: page.getByRole('heading', { name: title }) });

  it.each<Scheme>(['light', 'dark'])('shows in %s what the registry knows, and axe finds nothing', async (scheme) => {
    const browsing = await browse(browser, registry.url, scheme);
    const { page, look } = browsing;
    await page.getByLabel('API key').waitFor();
    await look('sign-in');
    await signIn(browsing);

    await heading(browsing, EXAMPLE).waitFor();
    for (const name of SUBGRAPHS) {
      await card(browsing, 'Subgraphs').getByRole('link', { name, exact: true }).waitFor();
      await page.getByRole('link', { name: new RegExp(`^${name} \\d+ types · \\d+ fields$`) }).waitFor();
    }
    await card(browsing, 'Subgraphs').getByText('orders team').waitFor();
    expect(
      await page.getByRole('link', { name: 'User 8 fields · 3 subgraphs' }).getAttribute('aria-description'),
    ).toContain('orders (3 fields)');
    expect(await page.getByRole('link', { name: 'Explorer' }).getAttribute('href')).toBe(
      'http://gateway.test:4000/graphql/explorer',
    );
    await look('graph');

    await go(browsing, 'subgraphs/orders', 'orders');
    await page.getByText('type OrderLine').first().waitFor();
    await look('subgraph');

    await go(browsing, 'types', 'Types');
    await page.getByRole('searchbox').fill('orderl');
    await page.getByText('2 types').waitFor();
    await look('types');

    await go(browsing, 'types/Order', 'Order');
    await page.getByRole('row', { name: /^note: String What the customer wrote to it. orders 500/ }).waitFor();
    await page.getByRole('row', { name: /^web 1.0 id, note 300/ }).waitFor();
    await look('type');

    await go(browsing, 'history', 'History');
    await page.getByRole('row', { name: /^5 served orders was published/ }).waitFor();
    await look('history');

    await go(browsing, 'history/5', 'Version 5');
    await page.getByText('added: note: String').waitFor();
    await card(browsing, '1 change for clients').getByText('FIELD_ADDED').waitFor();
    await look('version');

    await go(browsing, 'checks', 'Checks');
    await look('checks');
    await page.getByRole('link', { name: 'orders', exact: true }).click();
    await heading(browsing, 'Check of orders').waitFor();
    await page.getByRole('row', { name: /Order.note.* fails the check FIELD_REMOVED/ }).waitFor();
    await look('check');

    expect(browsing.faults).toEqual([]);
    await browsing.close();
  });

  it('is used by keyboard alone: sign in, open a diff, roll back and forward', async () => {
    const browsing = await browse(browser, registry.url, 'light');
    const { page, look } = browsing;
    await signIn(browsing);
    await heading(browsing, EXAMPLE).waitFor();

    await press(browsing, page.getByRole('link', { name: /^orders \d+ types/ }));
    await heading(browsing, 'orders').waitFor();
    await press(browsing, page.getByRole('link', { name: 'History' }));
    await press(browsing, page.getByRole('link', { name: '4', exact: true }));
    await heading(browsing, 'Version 4').waitFor();
    await page.getByRole('region', { name: 'What changed in the schema of notifications' }).waitFor();
    // Whoever sees nothing is told that the page is another.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Version 4');

    await press(browsing, page.getByRole('button', { name: 'Serve this version again' }));
    await page.getByRole('dialog').getByText('in place of version 5').waitFor();
    await look('roll-back');
    await press(browsing, page.getByRole('button', { name: 'Serve version 4', exact: true }));
    await page.getByRole('status').getByText('as version 6').waitFor();

    await press(browsing, page.getByRole('link', { name: 'History' }).first());
    await page.getByRole('row', { name: /^6 served Version 4 was served again/ }).waitFor();
    await press(browsing, page.getByRole('link', { name: '5', exact: true }));
    await press(browsing, page.getByRole('button', { name: 'Serve this version again' }));
    // Escape, as everywhere, is no.
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await press(browsing, page.getByRole('button', { name: 'Serve this version again' }));
    await press(browsing, page.getByRole('button', { name: 'Serve version 5', exact: true }));
    await page.getByRole('status').getByText('as version 7').waitFor();
    expect(
      (await registry.ask(`{ graph(id: "tributary") { variant(name: "current") { current { number origin } } } }`))
        .graph,
    ).toEqual({
      variant: { current: { number: 7, origin: 5 } },
    });

    await press(browsing, page.getByRole('button', { name: 'Sign out' }));
    await heading(browsing, 'Sign in to the registry').waitFor();
    await page.reload();
    await heading(browsing, 'Sign in to the registry').waitFor();
    expect(browsing.faults).toEqual([]);
    await browsing.close();
  });

  it.each<Scheme>(['light', 'dark'])('shows live numbers in %s as they are reported', async (scheme) => {
    const browsing = await browse(browser, registry.url, scheme);
    const { page, look } = browsing;
    await signIn(browsing);
    await go(browsing, 'live', 'Live');
    for (const name of ['Home', 'Checkout']) {
      const isHome = name === 'Home';
      const counts = { requests: isHome ? 500 : 20, errors: isHome ? 0 : 5, cached: isHome ? 400 : 0 };
      expect(await registry.reportLive([{ name, ...counts, bucket: 12 }])).toBe(200);
    }
    await page.getByText('1 gateway reports').waitFor();
    await page.getByRole('row', { name: /^Home [\da-f]{12} \S+ 5\.\d ms 6\.\d ms 0 % 80 %$/ }).waitFor();
    await page.getByRole('row', { name: /^Checkout [\da-f]{12} .* 25 % 0 %$/ }).waitFor();
    await page.getByRole('button', { name: 'Errors' }).click();
    expect(await page.getByRole('columnheader', { name: 'Errors' }).getAttribute('aria-sort')).toBe('descending');
    expect(await page.locator('tbody th').first().textContent()).toContain('Checkout');
    await look('live');
    expect(browsing.faults).toEqual([]);
    await browsing.close();
  });

  it('says what does not compose, and what a key may not do', async () => {
    await registry.publish(EXAMPLE, 'users', UNCOMPOSABLE);
    const key = await registry.createKey({ name: 'reader', graphId: 'tributary', verbs: ['read'] });
    const browsing = await browse(browser, registry.url, 'dark');
    const { page, look } = browsing;
    await signIn(browsing, 'no key at all');
    await page.getByRole('alert').getByText('does not know this key').waitFor();
    await page.getByLabel('API key').fill('');
    await signIn(browsing, key);
    await page.getByText('Does not compose', { exact: true }).waitFor();
    await look('failed');
    await go(browsing, 'history/1', 'Version 1');
    await page.getByText('needs a key that administers the graph').waitFor();
    expect(await page.getByRole('button', { name: 'Serve this version again' }).count()).toBe(0);
    await browsing.close();
  });

  it('fits a narrow screen: what is wide scrolls in its card', async () => {
    const browsing = await browse(browser, registry.url, 'light');
    const { page } = browsing;
    await page.setViewportSize({ width: 400, height: 800 });
    await signIn(browsing);
    await heading(browsing, EXAMPLE).waitFor();
    const pages = {
      [`subgraphs/${SUBGRAPHS[0]}`]: SUBGRAPHS[0],
      types: 'Types',
      'types/Order': 'Order',
      history: 'History',
    };
    for (const [path, title] of Object.entries({ graph: EXAMPLE, ...pages, 'history/5': 'Version 5', live: 'Live' })) {
      await go(browsing, path, title ?? path);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 400]);
    }
    await browsing.close();
  });

  it('changes its colours at a switch, and remembers which', async () => {
    const browsing = await browse(browser, registry.url, 'light');
    const { page } = browsing;
    await signIn(browsing);
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await paper();
    const next = page.getByRole('button', { name: /^Colours/ });
    await press(browsing, next);
    expect([await next.getAttribute('title'), await paper()]).toEqual(['Colours: light', light]);
    await page.keyboard.press('Enter');
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload();
    await next.waitFor();
    expect([await next.getAttribute('title'), await paper()]).toEqual(['Colours: dark', dark]);
    await browsing.close();
  });
});
