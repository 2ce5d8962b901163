import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './servers.ts';

/** Without the background services of a desktop browser, which look for hosts that tests must not need. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real, headless Chromium. Close it in `afterAll`. */
export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('chromium is not installed (Debian: apt-get install chromium).');
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
