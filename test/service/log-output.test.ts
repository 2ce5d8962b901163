import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';

const BEGIN = "import { createLog } from './service/logs.ts'; const log = createLog('test', 'info');";

/** Starts a script that has a `log`. */
function start(script: string) {
  return spawn(process.execPath, ['--input-type=module', '-e', `${BEGIN}${script}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function sentencesIn(output: Readable): Promise<readonly string[]> {
  const lines = (await text(output)).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

/** What a script logged. */
const sentencesOf = (script: string) => sentencesIn(start(script).stdout);

it('writes the last lines of a process that ends at once', async () => {
  expect(await sentencesOf("log.info('first'); log.info('last'); process.exit(0);")).toEqual(['first', 'last']);
});

it('writes the last lines of a process that an error ends', async () => {
  const script = "process.on('uncaughtException', () => process.exit(3)); log.info('last'); throw new Error('x');";
  expect(await sentencesOf(script)).toEqual(['last']);
});

it('keeps lines whole and in their order, however long they are and whatever is in them', async () => {
  const lengths = [1, 20_000, 30_000, 70_000, 1, 200_000, 5];
  const script = `for (const length of ${JSON.stringify(lengths)}) log.info('ä'.repeat(length)); setImmediate(() => log.info('later'));`;
  const sentences = await sentencesOf(script);
  expect(sentences.map((sentence) => sentence.length)).toEqual([...lengths, 'later'.length]);
  expect(new Set(sentences.slice(0, -1).join(''))).toEqual(new Set(['ä']));
});

it('writes the last lines of a process that ends at once when nobody read the ones before', async () => {
  // To look whether it is a terminal makes writing to a full pipe fail instead of waiting.
  const script = `${BEGIN}
    process.stdout.isTTY;
    const all = (from, to) => { for (let line = from; line < to; line++) log.info(line + ' '.padEnd(1_000, 'x')); };
    all(0, 50);
    process.stdin.once('data', () => { all(50, 91); process.exit(0); });`;
  // Who reads takes one line, and the rest when it is told to.
  const reader = '{ read -r first; printf begun >&2; read -r _ <&3; printf "%s\\n" "$first"; cat; }';
  const shell = spawn(
    'sh',
    ['-c', `{ "$0" --input-type=module -e "$1"; printf ended >&2; } | ${reader}`, process.execPath, script],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  const [input, output, told, go] = shell.stdio as unknown as [Writable, Readable, Readable, Writable];
  const says = async (word: string) => {
    for (let said = ''; !said.includes(word); ) said += String((await once(told, 'data'))[0]);
  };
  await says('begun');
  input.write('end\n');
  // It must not end before somebody reads: one that would has this long to show it.
  await Promise.race([says('ended'), pause(500)]);
  go.end('\n');
  const sentences = await sentencesIn(output);
  expect(sentences.map((sentence) => Number.parseInt(sentence, 10))).toEqual(Array.from({ length: 91 }, (_, n) => n));
});

it('drops what nobody reads, counts it by lines, and holds no more than it says', async () => {
  const child = start(`
    const { droppedLines } = await import('./service/log-output.ts');
    for (let turn = 0; turn < 300; turn++) {
      for (let line = 0; line < 100; line++) log.info('x'.repeat(1_000));
      await new Promise(setImmediate);
    }
    const { arrayBuffers } = process.memoryUsage();
    process.stderr.write(JSON.stringify({ dropped: droppedLines(), arrayBuffers }));
    setInterval(() => {}, 1_000);`);
  try {
    const [told] = (await once(child.stderr, 'data')) as [Buffer];
    const { dropped, arrayBuffers } = JSON.parse(String(told)) as { dropped: number; arrayBuffers: number };
    expect(dropped).toBeGreaterThan(15_000);
    expect(dropped).toBeLessThan(30_000);
    expect(arrayBuffers).toBeLessThan(30_000_000);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
