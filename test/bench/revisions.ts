import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';
import { ours } from './gateways.ts';
import { UsageError } from './options.ts';
import { medianOf } from './percentiles.ts';
import { ROOT } from './process.ts';
import { createReadings } from './readings.ts';
import { inSession } from './session.ts';
import { brief, table } from './tables.ts';
import { measureRounds, startContenders } from './throughput.ts';
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

/** Checks a revision out beside the working tree for as long as `work` takes. It runs on the working tree's packages. */
async function withRevision(revision: string, work: (directory: string) => Promise<void>): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'tributary-revision-'));
  const directory = join(parent, 'tree');
  const remove = atExit(() => {
    if (existsSync(directory)) git('worktree', 'remove', '--force', directory);
    rmSync(parent, { recursive: true, force: true });
  });
  git('worktree', 'add', '--detach', '--quiet', directory, revision);
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    if (existsSync(join(directory, 'scripts/generate.ts')))
      execFileSync('node', ['scripts/generate.ts'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
    await work(directory);
  } finally {
    remove();
  }
}

const MODES = [
  { mode: 'nd', shares: [false, false, false] },
  { mode: 'default', shares: [true, true, false] },
  { mode: 'requests', shares: [true, true, true] },
] as const;

/** Measures the working tree and another revision of ours in alternating rounds, in each mode of sharing. Returns a table. */
export async function compareRevisions(
  revision: string,
  workloads: readonly Workload[],
  { rounds, seconds, connections }: { readonly rounds: number; readonly seconds: number; readonly connections: number },
): Promise<string> {
  const rows: Record<string, string>[] = [];
  const label = findRevision(revision);
  await withRevision(revision, async (directory) => {
    for (const workload of workloads) {
      await inSession(workload, async (session) => {
        for (const { mode, shares } of MODES) {
          const pair = [ours('here', shares), ours(label, shares, { directory })];
          const readings = createReadings();
          const contenders = await startContenders(session, pair);
          await measureRounds(session, contenders, { load: 'both', rounds, seconds, connections }, readings);
          for (const contender of contenders) await contender.process.close();
          const rates = (name: string) => readings.all('both', name, 'req/s');
          const ratios = rates('here').map((rate, round) => rate / (rates(label)[round] ?? 0));
          rows.push({
            workload: workload.name,
            mode,
            'here req/s': brief(medianOf(rates('here'))),
            [`${label} req/s`]: brief(medianOf(rates(label))),
            'here / there': brief(medianOf(ratios)),
            spread: `${brief(Math.min(...ratios))}–${brief(Math.max(...ratios))}`,
            'here p99 ms': brief(readings.get('both', 'here', 'p99 ms')),
            [`${label} p99 ms`]: brief(readings.get('both', label, 'p99 ms')),
          });
        }
      });
    }
  });
  return table(rows);
}
