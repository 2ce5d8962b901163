import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A held directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for this process alone, by a file `lock` in it that holds the process id. Two embedded databases on
 * one directory would destroy each other's data without an error. The lock of a process that no longer lives is taken over.
 *
 * @throws {Error} that names the process holding it
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true });
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
