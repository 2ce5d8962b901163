import { stat } from 'node:fs/promises';

/** Files as they were at one instant, by path: time, size and number, `undefined` for one that is to be read (again). */
type Snapshot = ReadonlyMap<string, string | undefined>;

/** What was read of files, and whether they have changed since. */
export interface WatchedFiles {
  /**
   * Reads. What it has read is then watched; when it fails, what it wanted to read, for a repair.
   *
   * @param filesOf the files that an error names; those of the last reading for one that names none
   */
  read<Result extends { readonly files: readonly string[] }>(
    load: () => Promise<Result>,
    filesOf: (error: unknown) => readonly string[] | undefined,
  ): Promise<Result>;
  haveChanged(): Promise<boolean>;
}

export function createWatchedFiles(): WatchedFiles {
  let known: Snapshot = new Map();
  return {
    read: async (load, filesOf) => {
      const began = Date.now();
      const before = await takeSnapshot(known.keys());
      let files: readonly string[] = [...before.keys()];
      try {
        const loaded = await load();
        files = loaded.files;
        return loaded;
      } catch (error) {
        files = filesOf(error) ?? files;
        throw error;
      } finally {
        known = await recordRead(files, before, began);
      }
    },
    haveChanged: () => haveChanged(known),
  };
}

/** How far the clock of a file system may lag behind `Date.now()`: it advances with the kernel's ticks. */
const CLOCK_SLACK_MS = 100;

/** Looks at files, by time and size rather than by a watcher: editors and container platforms replace files in ways that watchers miss. */
async function takeSnapshot(files: Iterable<string>): Promise<Snapshot> {
  return new Map(await Promise.all([...files].map(async (file) => [file, (await look(file)).stamp] as const)));
}

/**
 * What was read, as it was at most when it was read: files known before count as they were then, so that a change while
 * they were being read is one that is still to be seen. A file that the reading itself named for the first time counts as it
 * is now, unless it changed since (or just before) the reading began.
 *
 * @param before taken before the reading
 * @param began when that was, in milliseconds since 1970
 */
async function recordRead(files: readonly string[], before: Snapshot, began: number): Promise<Snapshot> {
  const record = async (file: string): Promise<readonly [string, string | undefined]> => {
    if (before.has(file)) return [file, before.get(file)];
    const { stamp, changedAt } = await look(file);
    return [file, changedAt < began - CLOCK_SLACK_MS ? stamp : undefined];
  };
  return new Map(await Promise.all(files.map(record)));
}

/** Whether any file differs from what was read. */
async function haveChanged(read: Snapshot): Promise<boolean> {
  const now = await takeSnapshot(read.keys());
  return [...read].some(([file, stamp]) => now.get(file) !== stamp);
}

async function look(file: string): Promise<{ readonly stamp: string; readonly changedAt: number }> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return { stamp: 'missing', changedAt: Number.NEGATIVE_INFINITY };
  // `ctime`, because a file that is moved here, or copied with its times, keeps its `mtime`.
  const { mtimeMs, ctimeMs, size, ino } = found;
  return { stamp: `${mtimeMs}:${ctimeMs}:${size}:${ino}`, changedAt: ctimeMs };
}
