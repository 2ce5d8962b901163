import { afterEach, expect, it } from '@jest/globals';
import { createManifest } from '../../../gateway/operation/manifest.ts';
import { createSafelist, type SafelistOptions } from '../../../gateway/operation/safelist.ts';
import { startUnknownOperationLog } from '../../../gateway/telemetry/unknown-operation-log.ts';
import type { Running } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';

let running: Running | undefined;
afterEach(() => running?.close());

/** A safelist that knows nothing, and what the log says of what comes. */
function start(mode: SafelistOptions['mode'], linesInAMinute?: number) {
  const clock = { now: 0 };
  const { log, lines } = createTestLog('warn');
  running = startUnknownOperationLog({ log, now: () => clock.now, ...(linesInAMinute && { linesInAMinute }) });
  const manifest = createManifest([]);
  const safelist = createSafelist({ mode, currentManifest: () => manifest, maxTokens: 1_000 });
  const ask = (text: string) => {
    try {
      safelist.admit(text, undefined);
    } catch {
      // Refused: told as well.
    }
  };
  const told = () => lines.all.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { clock, ask, told };
}

it('leaves the values out of what it tells', () => {
  const { ask, told } = start('log-unknown');
  ask(
    'query Q($a: Int = 7) { login(email: "ada@example.com", pin: 1234, rate: 1.5, note: """secret""", all: true, a: $a) }',
  );
  expect(told().map(({ query }) => query)).toEqual([
    'query Q($a: Int = 0) {\n  login(email: "", pin: 0, rate: 0, note: "", all: true, a: $a)\n}',
  ]);
});

it('tells of what was refused, of a text that is no GraphQL only that', () => {
  const { ask, told } = start('only-known-ids');
  for (const text of ['{ a }', '{ password "secret"']) ask(text);
  expect(told().map(({ msg, query }) => [msg, query])).toEqual([
    ['an operation that is not in the manifest was refused', '{\n  a\n}'],
    ['an operation that is not in the manifest was refused', undefined],
  ]);
});

it('writes so many lines in a minute, and counts the others', () => {
  const { clock, ask, told } = start('only-known', 2);
  for (const name of ['a', 'b', 'c', 'd']) ask(`{ ${name} }`);
  expect(told()).toHaveLength(2);
  clock.now += 60_000;
  ask('{ e }');
  expect(told().slice(2)).toMatchObject([{ more: 2 }, { query: '{\n  e\n}' }]);
});
