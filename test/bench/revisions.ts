import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';
import { languageOf, MODES, ours } from './gateways.ts';
import { UsageError } from './options.ts';
import { medianOf } from './percentiles.ts';
import { ROOT } from './process.ts';
import { createReadings, type Readings } from './readings.ts';
import { inSession } from './session.ts';
import { brief, table } from './tables.ts';
import { measureRounds, type Rounds, startContenders } from './throughput.ts';
import type { Workload } from './workloads/workload.ts';

const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** @returns its short name. @throws {UsageError} when there is none */
function findRevision(revision: string): string {
  try {
    execFileSync('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { cwd: ROOT, stdio: 'ignore' });
  } catch (error) {
    throw new UsageError(`--compare: there is no revision "${revision}" here`, { cause: error });
  }
  return git('rev-parse', '--short', revision);
}

/** It runs on packages that it may not have been written for: who compares is to know. */
function tellOtherPackages(directory: string): void {
  const read = (folder: string) => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    return dependencies;
  };
  const here = read(ROOT);
  const others = Object.entries(read(directory)).filter(([name, version]) => here[name] !== version);
  if (others.length === 0) return;
  const names = others.map(([name, version]) => `${name} ${version} (here ${here[name] ?? 'none'})`).join(', ');
  console.error(`That revision asks for other packages, and runs on those that are installed here: ${names}`);
}

/** Checks a revision out beside the working tree for as long as `work` takes. It runs on the working tree's packages. */
async function withRevision(revision: string, work: (directory: string) => Promise<void>): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'tributary-revision-'));
  const directory = join(parent, 'tree');
  const remove = atExit(() => {
    try {
      if (existsSync(directory)) git('worktree', 'remove', '--force', directory);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
  git('worktree', 'add', '--detach', '--quiet', directory, revision);
  try {
    tellOtherPackages(directory);
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    if (existsSync(join(directory, 'scripts/generate.ts')))
      execFileSync('node', ['scripts/generate.ts'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
    await work(directory);
  } finally {
    remove();
  }
}

/** Those of before the cache, which older revisions know. */
const COMPARED = ['tributary nd', 'tributary', 'tributary requests'];

/** Measures the working tree and another revision of ours in alternating rounds, in each of these modes. Returns a table. */
export async function compareRevisions(
  revision: string,
  workloads: readonly Workload[],
  rounds: Omit<Rounds, 'load' | 'deadline' | 'language'>,
  modes: readonly string[] = COMPARED,
): Promise<string> {
  const rows: Record<string, string>[] = [];
  const label = findRevision(revision);
  await withRevision(label, async (directory) => {
    for (const workload of workloads) {
      await inSession(workload, async (session) => {
        for (const mode of modes) {
          const how = MODES.get(mode);
          if (how === undefined) throw new TypeError(`"${mode}" is no mode of ours`);
          const language = languageOf(how);
          await session.tell(language === 'none' ? 'keep/off' : 'keep/on');
          // Revisions from before an option of sharing refuse to start with it.
          const there = await startContenders(session, [ours(label, how, { directory })], language).catch(
            (error: Error) => {
              console.error(`${label} cannot be measured in mode ${mode}: ${error.message}`);
              return [];
            },
          );
          if (there.length === 0) continue;
          const contenders = [...(await startContenders(session, [ours('here', how)], language)), ...there];
          const readings = createReadings();
          await measureRounds(session, contenders, { ...rounds, load: 'both', language }, readings);
          for (const contender of contenders) await contender.process.close();
          rows.push(toRow(workload.name, mode, label, readings));
        }
      });
    }
  });
  return rows.length === 0 ? 'Nothing could be compared.' : table(rows);
}

function toRow(workload: string, mode: string, label: string, readings: Readings): Record<string, string> {
  const rates = (name: string) => readings.all('both', name, 'req/s');
  const ratios = rates('here').map((rate, round) => rate / (rates(label)[round] ?? 0));
  return {
    workload,
    mode,
    'here req/s': brief(medianOf(rates('here'))),
    [`${label} req/s`]: brief(medianOf(rates(label))),
    'here / there': brief(medianOf(ratios)),
    spread: `${brief(Math.min(...ratios))}–${brief(Math.max(...ratios))}`,
    'CPU here / there': brief(
      (readings.get('both', 'here', 'CPU ms/req') ?? 0) / (readings.get('both', label, 'CPU ms/req') ?? 0),
    ),
    'here p99 ms': brief(readings.get('both', 'here', 'p99 ms')),
    [`${label} p99 ms`]: brief(readings.get('both', label, 'p99 ms')),
  };
}
