import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';

const RUN = new URL('../../service/run.ts', import.meta.url).href;
const LOGS = new URL('../../service/logs.ts', import.meta.url).href;

/** Runs a process whose start is the body of a function. @returns how it ended, and what it wrote */
async function runProcess(start: string) {
  const script = `import { run } from '${RUN}';
    import { createLog } from '${LOGS}';
    await run(async () => { ${start} }, { log: createLog('test', 'silent'), shutdownTimeoutMs: () => 10_000 });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (chunk) => {
    written += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, written };
}

/** Signals cannot be lost between that and what comes next: it is the process itself that sends one. */
const SIGNAL = `process.kill(process.pid, 'SIGTERM');`;
const CLOSE = `{ close: async () => process.stdout.write('closed') }`;

describe('a process', () => {
  it('is closed by a signal that comes as it says that it serves', async () => {
    const ended = await runProcess(`setTimeout(() => {}, 10_000); ${SIGNAL} return ${CLOSE};`);
    expect(ended).toEqual({ code: 0, signal: null, written: 'closed' });
  });

  it('is ended by one that comes while it starts and waits for others', async () => {
    const waiting = `setTimeout(() => {}, 60_000); ${SIGNAL} await new Promise(() => {});`;
    expect(await runProcess(waiting)).toEqual({ code: null, signal: 'SIGTERM', written: '' });
  });
});
