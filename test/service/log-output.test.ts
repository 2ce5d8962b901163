import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';

/** Runs a script that has a `log`; resolves with the sentences that it logged. */
async function sentencesOf(script: string): Promise<readonly string[]> {
  const begin = "import { createLog } from './service/logs.ts'; const log = createLog('test', 'info');";
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${begin}${script}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

it('writes the last lines of a process that ends at once', async () => {
  expect(await sentencesOf("log.info('first'); log.info('last'); process.exit(0);")).toEqual(['first', 'last']);
});

it('writes the last lines of a process that an error ends', async () => {
  const script = "process.on('uncaughtException', () => process.exit(3)); log.info('last'); throw new Error('x');";
  expect(await sentencesOf(script)).toEqual(['last']);
});

it('keeps lines whole and in their order, however long they are and whatever is in them', async () => {
  const lengths = [1, 20_000, 30_000, 70_000, 1, 200_000, 5];
  const script = `for (const length of ${JSON.stringify(lengths)}) log.info('ä'.repeat(length)); setTimeout(() => log.info('later'), 100);`;
  const sentences = await sentencesOf(script);
  expect(sentences.map((sentence) => sentence.length)).toEqual([...lengths, 'later'.length]);
  expect(new Set(sentences.slice(0, -1).join(''))).toEqual(new Set(['ä']));
});
