import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { ATTACKED, measureAdversarial } from './adversarial.ts';
import { ATTACK_LOADS, ATTACK_TARGETS } from './attack-targets.ts';
import { forgetRun } from './cache-keeping.ts';
import { HITTING, MISSING } from './cached.ts';
import { measureChosen, workloadNamed } from './chosen.ts';
import { watchCores } from './cores.ts';
import { COMPUTING, GATEWAYS, isInstalled } from './gateways.ts';
import { GUARDING } from './guarded.ts';
import { closeIssuer } from './issuer.ts';
import { failuresOfOurs, judge, missedMusts } from './judge.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { LOAD_CORE, ROOT } from './process.ts';
import { profileOurs } from './profile.ts';
import { createReadings, type Readings } from './readings.ts';
import { compareRevisions } from './revisions.ts';
import { inSession } from './session.ts';
import { runSoak, type Soaked } from './soak.ts';
import { runSoakAll } from './soak-all.ts';
import { COLD_COUNT, COLD_RATE, FULL, gatewaysNamed, runSuite, SHORT } from './suite.ts';
import { loadTable, targetTable } from './tables.ts';
import { TARGETS } from './targets.ts';
import { requireTools } from './tools.ts';
import { TRAFFIC_TARGETS } from './traffic-targets.ts';
import { attacked } from './workloads/attacked.ts';

/**
 * `npm run bench`: what docs/benchmarks.md says. Gateways side by side, in alternating rounds on the same machine in the same
 * minutes, the gateway alone on one core, subgraphs and load on the other, answers compared. Only the ratios mean anything.
 */

/** Of load in a round, and of a whole soak. */
const SECONDS = 4;
const SOAK_SECONDS = 60;

const lines: string[] = [];
const print = (text: string) => {
  lines.push(text);
  console.log(text);
};
const tell = (what: string) => console.error(`… ${what}`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options.isHelp) console.log(USAGE);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} (all options: npm run bench -- --help)`);
  process.exitCode = 2;
} finally {
  // Who measured without Redis has nothing there.
  await forgetRun().catch(() => undefined);
  await closeIssuer();
}

async function run(options: Options): Promise<void> {
  requireTools();
  // This process does little, but not on the gateway's core.
  execFileSync('taskset', ['-cp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  if (options.profile !== undefined) await profile(options.profile, options);
  else if (options.compare !== undefined) await compare(options.compare, options);
  else {
    tellAbsent(options.gateways ?? [...GATEWAYS.keys()]);
    if (options.workloads !== undefined || options.gateways !== undefined) await chosen(options);
    else await suite(options);
  }
  if (options.markdown !== undefined) writeFileSync(options.markdown, `${lines.join('\n')}\n`);
}

function tellAbsent(names: readonly string[]): void {
  const absent = names.filter((name) => {
    const gateway = GATEWAYS.get(name);
    return gateway !== undefined && !isInstalled(gateway);
  });
  if (absent.length > 0)
    console.error(`Not installed, so not measured: ${absent.join(', ')}. To install: npm ci --prefix test/bench`);
}

async function profile(names: readonly string[], { gateways, seconds = SECONDS, connections }: Options): Promise<void> {
  for (const workload of names.map(workloadNamed)) {
    for (const mode of gateways ?? ['tributary nd'])
      print(`\n${workload.name}, ${mode}\n\n${await profileOurs(workload, mode, { seconds, connections })}`);
  }
}

async function compare(revision: string, options: Options): Promise<void> {
  const { workloads = ['w1', 'w2'], rounds, seconds = SECONDS, connections } = options;
  print(
    await compareRevisions(revision, workloads.map(workloadNamed), { rounds, seconds, connections }, options.gateways),
  );
}

async function chosen(options: Options): Promise<void> {
  const { workloads = ['w1', 'w2'], seconds = SECONDS } = options;
  const readings = createReadings();
  const wrong: string[] = [];
  for (const name of workloads) {
    if (name === 'soak') wrong.push(...(await soakEach(options)));
    else if (name === 'soak all') wrong.push(...(await soakAll(options)));
    else if (name === 'adversarial') wrong.push(...(await attackEach(options, readings)));
    else {
      // The others cannot be measured by it, and one mode of ours takes minutes.
      const { gateways = gatewaysFor(name) } = options;
      const numbers = { seconds, coldRate: COLD_RATE, coldCount: COLD_COUNT };
      await measureChosen(name, { ...options, gateways: gatewaysNamed(gateways), ...numbers }, readings);
    }
  }
  for (const load of readings.loads().filter((each) => !ATTACK_LOADS.has(each)))
    print(`\n## ${load}\n\n${loadTable(load, readings)}`);
  const judged = judge([...TARGETS, ...ATTACK_TARGETS, ...TRAFFIC_TARGETS], readings).filter(
    ({ value }) => value !== undefined,
  );
  if (judged.length > 0) print(`\n## Targets\n\n${targetTable(judged)}`);
  judgeMissed(options, [...wrong, ...failuresOfOurs(readings), ...missedMusts(judged)]);
}

function gatewaysFor(workload: string): readonly string[] {
  if (workload === 'cached') return [...HITTING, ...MISSING];
  if (workload === 'guard') return GUARDING;
  return workload === 'reload' ? ['tributary nd'] : COMPUTING;
}

async function soakEach({ gateways = ['tributary requests'], seconds = SOAK_SECONDS }: Options): Promise<string[]> {
  const wrong: string[] = [];
  for (const mode of gateways) {
    wrong.push(...printSoaked(`soak, ${mode}`, await runSoak({ seconds, mode }, tell)));
  }
  return wrong;
}

async function soakAll({ seconds = SOAK_SECONDS }: Options): Promise<readonly string[]> {
  return printSoaked('soak all', await runSoakAll(seconds, tell));
}

function printSoaked(title: string, { text, wrong }: Soaked): readonly string[] {
  print(`\n## ${title}\n\n${text}`);
  if (wrong.length > 0) print(`\nMust not be:\n${wrong.map((line) => `- ${line}`).join('\n')}`);
  return wrong;
}

async function attackEach(
  { gateways = [ATTACKED], rounds, seconds = SECONDS }: Options,
  readings: Readings,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  await inSession(attacked, async (session) => {
    const found = await measureAdversarial(session, gatewaysNamed(gateways), { rounds, seconds }, readings);
    print(`\n## adversarial\n\n${found.text}`);
    wrong.push(...found.wrong);
  });
  if (wrong.length > 0) print(`\nSaid, and not to be said:\n${wrong.map((line) => `- ${line}`).join('\n')}`);
  return wrong;
}

async function suite(options: Options): Promise<void> {
  const readings = createReadings();
  await tellBusy();
  print(`${describe(options)}\n`);
  await runSuite(options.isFull ? FULL : SHORT, readings, tell);
  for (const load of readings.loads()) print(`## ${load}\n\n${loadTable(load, readings)}\n`);
  const judgements = judge(TARGETS, readings);
  print(`## Targets\n\n${targetTable(judgements)}`);
  judgeMissed(options, [...failuresOfOurs(readings), ...missedMusts(judgements)]);
}

function judgeMissed({ isChecking }: Options, missed: readonly string[]): void {
  if (!isChecking || missed.length === 0) return;
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
function describe({ isFull }: Options): string {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  return [
    `${new Date().toISOString().slice(0, 16)}Z, commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpu?.model},`,
    `npm run bench --${isFull ? ' --full' : ''}. One gateway core; subgraphs and load on the other. nd: nothing shared`,
    'across requests. Grafbase is `grafbase dev` of its command line, with and without merging of fetches in flight.',
  ].join('\n');
}
