import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A held directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for this process alone, by a file `lock` in it that holds the process id. Two embedded databases on
 * one directory would destroy each other's data without an error. The lock of a process that no longer lives is taken over.
 *
 * Nobody but its owner reaches what is in it from then on: PGlite makes files that everybody may write.
 *
 * @throws {Error} that names the process holding it
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  makePrivate(directory);
  const path = join(directory, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(path);
      if (attempt > 0 || (holder !== undefined && isAlive(holder))) {
        throw new Error(
          `${resolve(directory)} is in use by process ${holder ?? 'unknown'}. Stop that process, or choose another directory with TRIBUTARY_DATA_DIR.`,
        );
      }
      rmSync(path, { force: true });
    }
  }
}

/** Also one that was there already. */
function makePrivate(directory: string): void {
  try {
    chmodSync(directory, 0o700);
  } catch (error) {
    // Somebody else's, who lets this process write there: who reaches it is for its owner to say.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function readHolder(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(holder) && holder > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  // A container's first process has the same id at every start: our own id in a file we did not write is an old lock.
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
