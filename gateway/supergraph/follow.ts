import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { LoadedSdl, Source } from './source.ts';
import { type Supergraph, SupergraphError } from './supergraph.ts';
import { createWatchedFiles } from './watched-files.ts';

/** Which graph is served now: the one variable that a reload swaps. */
export interface Followed extends Running {
  /** A request asks once and keeps the answer until it ends. */
  current(): Supergraph;
  /** What its source calls the graph that is served, when it has a name for it. */
  version(): string | undefined;
  /** Why what the source has now is not served, and an earlier graph is. */
  failure(): string | undefined;
  /**
   * Loads again now, or after the load that is running: all who ask meanwhile share that one next load.
   *
   * @returns what came of it; never throws: the last good graph stays
   */
  reload(): Promise<ReloadOutcome>;
  /** How many loads after the first there were, by what came of them. */
  reloads(): Readonly<Record<ReloadOutcome['outcome'], number>>;
}

export type ReloadOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly id: string }
  | { readonly outcome: 'failed'; readonly id: string; readonly error: string };

export interface FollowOptions {
  readonly source: Source;
  readonly build: (sdl: string) => Promise<Supergraph>;
  /**
   * Readies what depends on the graph (addresses, warm operations) before it is served.
   *
   * @param previous the graph that is still served, none at the start
   * @param signal aborted when nobody will be served any more
   */
  readonly prepare: (next: Supergraph, previous: Supergraph | undefined, signal: AbortSignal) => Promise<void>;
  /** Told of a graph that is served no more; requests may still run on it. */
  readonly retire: (previous: Supergraph) => void;
  /** How often the files are looked at, in milliseconds; 0 for never. */
  readonly pollIntervalMs: number;
  readonly log: Log;
}

/**
 * Loads the supergraph, then follows its source: as it tells itself, and by its files, also those of a load that failed: their repair
 * asks for the next.
 *
 * @throws what the source or the build throws, when there is no first graph
 */
export async function followSupergraph({
  source,
  build,
  prepare,
  retire,
  pollIntervalMs,
  log,
}: FollowOptions): Promise<Followed> {
  const watched = createWatchedFiles();
  const closing = new AbortController();
  let failure: string | undefined;
  let { supergraph, loaded: served } = await begin();
  source.served?.(served);
  log.info(
    { supergraph: supergraph.id, version: served.version, subgraphs: supergraph.subgraphs.map(({ name }) => name) },
    `serving ${source.description}`,
  );

  async function begin(): Promise<{ readonly supergraph: Supergraph; readonly loaded: LoadedSdl }> {
    const loaded = await load();
    try {
      return { supergraph: await ready(loaded.sdl, undefined), loaded };
    } catch (error) {
      const last = await source.loadLastGood?.();
      if (last === undefined || last.sdl === loaded.sdl) throw error;
      failure = messageOf(error);
      log.error(`${source.description} cannot be served, the last good one is. ${failure}`);
      for (const warning of last.warnings) log.warn(warning);
      return { supergraph: await ready(last.sdl, undefined), loaded: last };
    }
  }

  async function load(): Promise<LoadedSdl> {
    const loaded = await watched.read(source.load, (error) =>
      error instanceof SupergraphError ? error.files : undefined,
    );
    for (const warning of loaded.warnings) log.warn(warning);
    return loaded;
  }

  async function ready(sdl: string, previous: Supergraph | undefined): Promise<Supergraph> {
    const next = await build(sdl);
    try {
      await prepare(next, previous, closing.signal);
      return next;
    } catch (error) {
      await next.planner.close();
      throw error;
    }
  }

  async function tryReload(): Promise<ReloadOutcome> {
    try {
      const loaded = await load();
      const { sdl, version } = loaded;
      if (sdl === supergraph.sdl) {
        if (failure !== undefined)
          log.info({ supergraph: supergraph.id }, `${source.description} composes again, to the graph that is served`);
        failure = undefined;
        served = loaded;
        source.served?.(loaded);
        return { outcome: 'unchanged', id: supergraph.id };
      }
      const previous = supergraph;
      const next = await ready(sdl, previous);
      supergraph = next;
      served = loaded;
      failure = undefined;
      retire(previous);
      source.served?.(loaded);
      log.info({ supergraph: next.id, version }, `reloaded ${source.description}`);
      return { outcome: 'changed', id: next.id };
    } catch (error) {
      failure = messageOf(error);
      log.error({ supergraph: supergraph.id }, `the new supergraph is not served, the last good one stays. ${failure}`);
      return { outcome: 'failed', id: supergraph.id, error: failure };
    }
  }

  let running: Promise<ReloadOutcome> | undefined;
  let waiting: Promise<ReloadOutcome> | undefined;
  const counts = { changed: 0, unchanged: 0, failed: 0 };
  const runNext = () => {
    waiting = undefined;
    const begun = tryReload().then((outcome) => {
      counts[outcome.outcome]++;
      // With another waiting it stays, so that nobody begins between the two.
      if (waiting === undefined) running = undefined;
      return outcome;
    });
    running = begun;
    return begun;
  };
  const reload = () => {
    if (running === undefined) return runNext();
    waiting ??= running.then(runNext);
    return waiting;
  };

  const look = async () => {
    // While a load runs, what it has read is not known yet; what changes meanwhile is seen by a later look.
    if (running !== undefined || !(await watched.haveChanged()) || running !== undefined) return;
    await reload();
  };
  const timer = pollIntervalMs > 0 ? setInterval(() => void look(), pollIntervalMs) : undefined;
  timer?.unref();
  source.onChange?.(() => {
    if (!closing.signal.aborted) void reload();
  });

  return {
    current: () => supergraph,
    version: () => served.version,
    failure: () => failure,
    reload,
    reloads: () => counts,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await (waiting ?? running);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
