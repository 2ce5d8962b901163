import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { ADMIN_KEY } from '../support/rover-registry.ts';

/** A page of the console, as somebody looks at it. */
export interface Browsing {
  readonly page: Page;
  /** What went wrong in the page, or was kept from it by its content security policy. */
  readonly faults: readonly string[];
  /** Asserts that axe finds nothing (in dark, where all but the colours is the same, nothing in these), and keeps a picture under this name. */
  look(name: string): Promise<void>;
  close(): Promise<void>;
}

export type Scheme = 'light' | 'dark';

const PICTURES = fileURLToPath(new URL('../../../test-output/console/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** Opens the console in a browser that prefers light or dark, without motion. */
export async function browse(browser: Browser, url: string, scheme: Scheme): Promise<Browsing> {
  const context = await browser.newContext({
    ...{ colorScheme: scheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 860 } },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) faults.push(request.url());
  });
  await page.goto(url);
  await page.evaluate(AXE);
  return {
    page,
    faults,
    look: async (name) => {
      const options = scheme === 'dark' ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {};
      const { violations } = await page.evaluate(
        (given) => (globalThis as unknown as { axe: Axe }).axe.run(given),
        options,
      );
      expect({ name, violations: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]) }).toEqual({
        ...{ name, violations: [] },
      });
      mkdirSync(`${PICTURES}${scheme}`, { recursive: true });
      await page.screenshot({ path: `${PICTURES}${scheme}/${name}.png`, fullPage: true });
    },
    close: () => context.close(),
  };
}

/** Signs in with a key, by keyboard. */
export async function signIn({ page }: Browsing, key = ADMIN_KEY): Promise<void> {
  await page.getByLabel('API key').waitFor();
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
}

const MOST_TABS = 120;

/** Presses Tab until something has the focus: whoever has no mouse gets there, too. */
export async function tabTo({ page }: Browsing, target: Locator): Promise<void> {
  await target.waitFor();
  for (let count = 0; count < MOST_TABS; count++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('It is not reached by Tab.');
}

/** Gets there by Tab and presses Enter. */
export async function press(browsing: Browsing, target: Locator): Promise<void> {
  await tabTo(browsing, target);
  await browsing.page.keyboard.press('Enter');
}
