import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { createWatchedFiles } from '../supergraph/watched-files.ts';
import { type Manifest, ManifestError } from './manifest.ts';
import type { ManifestSource } from './manifest-source.ts';

/** Which operations are known, now: the one variable that a reload swaps. */
export interface FollowedManifest extends Running {
  current(): Manifest;
}

export interface FollowManifestOptions {
  readonly source: ManifestSource;
  /** Told of one that has taken the place of another. */
  readonly onReload: () => void;
  /** How often the files are looked at, in milliseconds; 0 for never. */
  readonly pollIntervalMs: number;
  readonly log: Log;
}

/**
 * Loads the manifest, then follows its files. One that is broken is told in the log and not used: the last good one stays.
 *
 * @throws {ManifestError} when there is no first one: to serve without what was to restrict would be open
 */
export async function followManifest(options: FollowManifestOptions): Promise<FollowedManifest> {
  const { source, onReload, pollIntervalMs, log } = options;
  const watched = createWatchedFiles();
  const load = async () =>
    (await watched.read(source.load, (error) => (error instanceof ManifestError ? error.files : undefined))).manifest;

  let manifest = await load();
  log.info({ operations: manifest.operations.length }, `operations are known by ${source.description}`);

  async function look(): Promise<void> {
    if (!(await watched.haveChanged())) return;
    try {
      manifest = await load();
      log.info({ operations: manifest.operations.length }, `reloaded ${source.description}`);
      onReload();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(`the new manifest is not used, the last good one stays. ${message}`);
    }
  }

  let looking: Promise<void> | undefined;
  const lookInTurn = () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  };
  const timer = pollIntervalMs > 0 ? setInterval(lookInTurn, pollIntervalMs) : undefined;
  timer?.unref();

  return {
    current: () => manifest,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
