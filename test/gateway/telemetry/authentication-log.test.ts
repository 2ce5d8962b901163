import { afterEach, expect, it } from '@jest/globals';
import { authenticationEvents } from '../../../gateway/guard/authentication-events.ts';
import { startAuthenticationLog } from '../../../gateway/telemetry/authentication-log.ts';
import type { Running } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';

let running: Running | undefined;
afterEach(() => running?.close());

it('says once that the keys of an issuer cannot be fetched, and once that they can again', async () => {
  const { log, lines } = createTestLog();
  running = startAuthenticationLog({ log });
  const tell = (issuer: string, failure?: Error) => authenticationEvents.publish({ kind: 'keys', issuer, failure });
  tell('shop');
  for (let count = 0; count < 3; count++) tell('shop', new Error('http://idp.example/keys answers 500'));
  tell('other', new Error('http://other.example/keys cannot be fetched'));
  tell('shop');
  tell('shop');
  await lines.find(/again/);
  const told = lines.all.map(
    (line) => JSON.parse(line) as { level: string; issuer: string; err?: { message: string } },
  );
  expect(told.map(({ level, issuer, err }) => [level, issuer, err?.message])).toEqual([
    ['warn', 'shop', 'http://idp.example/keys answers 500'],
    ['warn', 'other', 'http://other.example/keys cannot be fetched'],
    ['info', 'shop', undefined],
  ]);
});

it('says what that means for its tokens', async () => {
  const { log, lines } = createTestLog();
  running = startAuthenticationLog({ log });
  const tell = (issuer: string, failure?: Error) => authenticationEvents.publish({ kind: 'keys', issuer, failure });
  tell('never there', new Error('answers 500'));
  tell('gone');
  tell('gone', new Error('answers 500'));
  expect(await lines.find(/never there/)).toContain('its tokens get 503 until they can');
  expect(await lines.find(/gone/)).toContain('those that were fetched before are used');
});
