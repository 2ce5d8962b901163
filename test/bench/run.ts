import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureChosen, workloadNamed } from './chosen.ts';
import { watchCores } from './cores.ts';
import { GATEWAYS, isInstalled } from './gateways.ts';
import { failuresOfOurs, judge, missedMusts } from './judge.ts';
import { LOAD_CORE, ROOT } from './process.ts';
import { profileOurs } from './profile.ts';
import { createReadings } from './readings.ts';
import { compareRevisions } from './revisions.ts';
import { COLD_COUNT, COLD_RATE, FULL, gatewaysNamed, runSuite, SHORT } from './suite.ts';
import { loadTable, targetTable } from './tables.ts';
import { TARGETS } from './targets.ts';

/**
 * `npm run bench`: what docs/benchmarks.md says. Gateways side by side, in alternating rounds on the same machine in the same
 * minutes, the gateway alone on one core, subgraphs and load on the other, answers compared. Only the ratios mean anything.
 */

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    markdown: { type: 'string' },
    compare: { type: 'string' },
    profile: { type: 'string' },
    workload: { type: 'string' },
    gateways: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '50' },
    vary: { type: 'boolean', default: false },
    delay: { type: 'string', default: '0' },
    reloads: { type: 'string', default: '200' },
  },
});

const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const workloads = (names: string) => names.split(',').map(workloadNamed);
const lines: string[] = [];
const print = (text: string) => {
  lines.push(text);
  console.log(text);
};

// This process does little, but not on the gateway's core.
execFileSync('taskset', ['-cp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
const absent = [...GATEWAYS.values()].filter((gateway) => !isInstalled(gateway)).map(({ name }) => name);
if (absent.length > 0 && options.compare === undefined && options.profile === undefined)
  console.error(`Not installed, so not measured: ${absent.join(', ')}. To install: npm ci --prefix test/bench`);

if (options.profile !== undefined) await profile(options.profile);
else if (options.compare !== undefined)
  print(
    await compareRevisions(options.compare, workloads(options.workload ?? 'w1,w2'), { rounds, seconds, connections }),
  );
else if (options.workload !== undefined || options.gateways !== undefined) await chosen();
else await suite();
if (options.markdown !== undefined) writeFileSync(options.markdown, `${lines.join('\n')}\n`);

async function profile(name: string): Promise<void> {
  for (const workload of workloads(name)) {
    const modes = options.gateways?.split(',') ?? ['tributary nd'];
    for (const mode of modes)
      print(`\n${workload.name}, ${mode}\n\n${await profileOurs(workload, mode, { seconds, connections })}`);
  }
}

async function chosen(): Promise<void> {
  const readings = createReadings();
  const gateways = gatewaysNamed(options.gateways?.split(',') ?? [...GATEWAYS.keys()]);
  for (const name of (options.workload ?? 'w1,w2').split(',')) {
    const numbers = {
      rounds,
      seconds,
      connections,
      coldRate: COLD_RATE,
      coldCount: COLD_COUNT,
      reloads: Number(options.reloads),
    };
    const delayMs = Number(options.delay);
    await measureChosen(name, { gateways, isVarying: options.vary, delayMs, ...numbers }, readings);
  }
  for (const load of readings.loads()) print(`\n## ${load}\n\n${loadTable(load, readings)}`);
}

async function suite(): Promise<void> {
  const readings = createReadings();
  await tellBusy();
  print(`${describe()}\n`);
  await runSuite(options.full ? FULL : SHORT, readings, (what) => console.error(`… ${what}`));
  for (const load of readings.loads()) print(`## ${load}\n\n${loadTable(load, readings)}\n`);
  const judgements = judge(TARGETS, readings);
  print(`## Targets\n\n${targetTable(judgements)}`);
  const missed = [...failuresOfOurs(readings), ...missedMusts(judgements)];
  if (!options.check || missed.length === 0) return;
  console.error(`\nMissed:\n${missed.map((line) => `- ${line}`).join('\n')}`);
  process.exitCode = 1;
}

/** Others' work on these cores is the commonest reason for numbers that mean nothing. */
async function tellBusy(): Promise<void> {
  const cores = watchCores();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const busy = cores().map(Math.round);
  if (busy.some((percent) => percent > 10))
    print(`**The cores were busy (${busy.join(' %, ')} %) before anything was started: these numbers mean little.**\n`);
}

/** What a claim has to name. */
function describe(): string {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  return [
    `${new Date().toISOString().slice(0, 16)}Z, commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpu?.model},`,
    `npm run bench --${options.full ? ' --full' : ''}. One gateway core; subgraphs and load on the other. nd: nothing shared`,
    'across requests. Grafbase is `grafbase dev` of its command line, with and without merging of fetches in flight.',
  ].join('\n');
}
