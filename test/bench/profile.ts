import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GATEWAYS, ours } from './gateways.ts';
import { ROOT } from './process.ts';
import { inSession } from './session.ts';
import { brief, table } from './tables.ts';
import type { Workload } from './workloads/workload.ts';
import { load } from './wrk.ts';

/** What V8 writes with `--cpu-prof`, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples?: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[];
}

export interface Share {
  readonly group: string;
  /** Of the time in which the thread was not idle. */
  readonly share: number;
}

/** Self time by group: a file of ours, a package, a module of Node's, the garbage collector, native code. Largest first. */
export function sharesOf(profile: CpuProfile, root: string): readonly Share[] {
  const groups = new Map(profile.nodes.map(({ id, callFrame }) => [id, groupOf(callFrame, root)]));
  const times = new Map<string, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const group = groups.get(id);
    if (group !== undefined) times.set(group, (times.get(group) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([group, time]) => ({ group, share: time / total })).sort((a, b) => b.share - a.share);
}

function groupOf({ functionName, url }: { functionName: string; url: string }, root: string): string | undefined {
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)') return 'native: outside any function';
  if (url === '') return `native: ${functionName}`;
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return name === undefined ? relative(root, path) : `package ${name}`;
}

const MODES: Readonly<Record<string, readonly [boolean, boolean, boolean]>> = {
  'tributary nd': [false, false, false],
  tributary: [true, true, false],
  'tributary requests': [true, true, true],
};

/** Runs ours for some seconds of load under V8's profiler; returns the largest shares of its main thread as a table. */
export async function profileOurs(
  workload: Workload,
  mode: string,
  {
    seconds,
    connections,
    rows = 25,
  }: { readonly seconds: number; readonly connections: number; readonly rows?: number },
): Promise<string> {
  const shares = MODES[mode];
  if (shares === undefined || !GATEWAYS.has(mode)) throw new TypeError(`"${mode}" is no mode of ours`);
  const directory = mkdtempSync(join(tmpdir(), 'tributary-profile-'));
  try {
    await inSession(workload, async (session) => {
      const { process } = await session.start(
        ours(mode, shares, { nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${directory}`] }),
      );
      const { query } = workload;
      await load({ url: process.url, query, connections, seconds, directory });
      // The profile is written when the process ends by itself.
      await process.end();
    });
    return largestShares(directory, rows);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The thread's number is in the file's name; the main thread's is 0. */
function largestShares(directory: string, rows: number): string {
  const file = readdirSync(directory).find((name) => /^CPU\.\d+\.\d+\.\d+\.0\..*cpuprofile$/.test(name));
  if (file === undefined) throw new Error('no profile was written');
  const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
  return table(
    sharesOf(profile, ROOT)
      .slice(0, rows)
      .map(({ group, share }) => ({ group, 'self time %': brief(share * 100) })),
  );
}
