import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from './at-exit.ts';
import { languageOf, MODES, ours } from './gateways.ts';
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
  /** Microseconds of the machine's monotonic clock, which is also that of `process.hrtime`. */
  readonly startTime: number;
}

/** On the same clock: what came before it or after it is not counted. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Share {
  readonly group: string;
  /** Of the time in which the thread was not idle. */
  readonly share: number;
}

/** Self time by group: a file of ours, a package, a module of Node's, the garbage collector, native code. Largest first. */
export function sharesOf(profile: CpuProfile, root: string, { from, to }: Window): readonly Share[] {
  const groups = new Map(profile.nodes.map(({ id, callFrame }) => [id, groupOf(callFrame, root)]));
  const times = new Map<string, number>();
  let now = profile.startTime;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const group = groups.get(id);
    const delta = profile.timeDeltas?.[index] ?? 0;
    now += delta;
    if (group !== undefined && now > from && now <= to) times.set(group, (times.get(group) ?? 0) + delta);
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([group, time]) => ({ group, share: time / total })).sort((a, b) => b.share - a.share);
}

function groupOf({ functionName, url }: { functionName: string; url: string }, root: string): string | undefined {
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)') return 'native: outside any function';
  if (url.startsWith('wasm:')) return 'native: WebAssembly';
  if (url === '' && functionName === '') return 'native: without a name';
  if (url === '') return `native: ${functionName}`;
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return name === undefined ? relative(root, path) : `package ${name}`;
}

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
  const found = MODES.get(mode);
  if (found === undefined) throw new TypeError(`"${mode}" is no mode of ours`);
  const directory = mkdtempSync(join(tmpdir(), 'tributary-profile-'));
  const remove = atExit(() => rmSync(directory, { recursive: true, force: true }));
  const window = { from: 0, to: 0 };
  try {
    await inSession(workload, async (session) => {
      if (found.keptIn !== 'nothing') await session.tell('keep/on');
      const { process, tokens } = await session.start(
        ours(mode, found, { nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${directory}`] }),
      );
      const { query } = workload;
      const loading = { url: process.url, query, connections, directory, language: languageOf(found), tokens };
      await load({ ...loading, seconds: 2 });
      window.from = monotonicMicroseconds();
      await load({ ...loading, seconds });
      window.to = monotonicMicroseconds();
      // The profile is written when the process ends by itself.
      await process.end();
    });
    return largestShares(directory, rows, window);
  } finally {
    remove();
  }
}

const monotonicMicroseconds = () => Number(process.hrtime.bigint() / 1_000n);

const KINDS: readonly (readonly [kind: string, beginning: string])[] = [
  ['all packages', 'package '],
  ['all of Node', 'node:'],
  ['all native code', 'native: '],
  ['garbage collector', 'garbage collector'],
];

/** Two tables: the largest groups, and all of them by kind. The thread's number is in the file's name; the main thread's is 0. */
function largestShares(directory: string, rows: number, window: Window): string {
  const file = readdirSync(directory).find((name) => /^CPU\.\d+\.\d+\.\d+\.0\..*cpuprofile$/.test(name));
  if (file === undefined) throw new Error('no profile was written');
  const shares = sharesOf(JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile, ROOT, window);
  const kinds = new Map<string, number>();
  for (const { group, share } of shares) {
    const kind = KINDS.find(([, beginning]) => group.startsWith(beginning))?.[0] ?? 'all of ours';
    kinds.set(kind, (kinds.get(kind) ?? 0) + share);
  }
  const show = (all: readonly Share[]) =>
    table(all.map(({ group, share }) => ({ group, 'self time %': brief(share * 100) })));
  const byKind = [...kinds].map(([group, share]) => ({ group, share })).sort((a, b) => b.share - a.share);
  return `${show(byKind)}\n\n${show(shares.slice(0, rows))}`;
}
