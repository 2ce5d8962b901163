import { stat } from 'node:fs/promises';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { LoadedSdl, Source } from './source.ts';
import type { Supergraph } from './supergraph.ts';

/** Which graph is served now: the one variable that a reload swaps. */
export interface Followed extends Running {
  /** A request asks once and keeps the answer until it ends. */
  current(): Supergraph;
  /** Loads again now. @returns what came of it; never throws: the last good graph stays */
  reload(): Promise<ReloadOutcome>;
}

export type ReloadOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly id: string }
  | { readonly outcome: 'failed'; readonly id: string; readonly error: string };

export interface FollowOptions {
  readonly source: Source;
  readonly build: (sdl: string) => Supergraph;
  /** Readies what depends on the graph (addresses, warm operations) before it is served. */
  readonly prepare: (next: Supergraph) => Promise<void>;
  /** How often the files are looked at, in milliseconds; 0 for never. */
  readonly pollIntervalMs: number;
  readonly log: Log;
}

/**
 * Loads the supergraph, then follows its files. They are looked at by time and size rather than watched: editors and
 * container platforms replace files in ways that watchers miss.
 *
 * @throws what the source or the build throws, when there is no first graph
 */
export async function followSupergraph({
  source,
  build,
  prepare,
  pollIntervalMs,
  log,
}: FollowOptions): Promise<Followed> {
  let signature = '';
  let loaded = await load();
  let supergraph = build(loaded.sdl);
  await prepare(supergraph);
  log.info(
    { supergraph: supergraph.id, subgraphs: supergraph.subgraphs.map(({ name }) => name) },
    `serving ${source.description}`,
  );

  async function load(): Promise<LoadedSdl> {
    const fresh = await source.load();
    signature = await sign(fresh.files);
    for (const warning of fresh.warnings) log.warn(warning);
    return fresh;
  }

  async function tryReload(): Promise<ReloadOutcome> {
    try {
      loaded = await load();
      if (loaded.sdl === supergraph.sdl) return { outcome: 'unchanged', id: supergraph.id };
      const next = build(loaded.sdl);
      await prepare(next);
      supergraph = next;
      log.info({ supergraph: next.id }, `reloaded ${source.description}`);
      return { outcome: 'changed', id: next.id };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error({ supergraph: supergraph.id }, `the new supergraph is not served, the last good one stays. ${message}`);
      return { outcome: 'failed', id: supergraph.id, error: message };
    }
  }

  let running: Promise<ReloadOutcome> | undefined;
  const reload = () => {
    const following: Promise<ReloadOutcome> = (running ?? Promise.resolve()).then(tryReload).finally(() => {
      if (running === following) running = undefined;
    });
    running = following;
    return following;
  };

  const look = async () => {
    const seen = await sign(loaded.files);
    if (seen === signature || running !== undefined) return;
    // A change that does not load is not tried again until the files change once more.
    signature = seen;
    await reload();
  };
  const timer = pollIntervalMs > 0 ? setInterval(() => void look(), pollIntervalMs) : undefined;
  timer?.unref();

  return {
    current: () => supergraph,
    reload,
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function sign(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return stats
    .map((found) => (found === undefined ? 'missing' : `${found.mtimeMs}:${found.size}:${found.ino}`))
    .join('|');
}
