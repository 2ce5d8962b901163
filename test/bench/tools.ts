import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from './options.ts';

/** Programs that the benchmark runs, and the Debian packages that have them. */
const TOOLS: ReadonlyMap<string, string> = new Map([
  ['taskset', 'util-linux'],
  ['wrk', 'wrk'],
]);

/** @throws {UsageError} that names what is not installed */
export function requireTools(path = process.env.PATH ?? ''): void {
  const missing = [...TOOLS].filter(([tool]) => !path.split(delimiter).some((folder) => canRun(join(folder, tool))));
  if (missing.length > 0)
    throw new UsageError(
      `the benchmark needs ${missing.map(([tool, name]) => `${tool} (Debian package ${name})`).join(' and ')}`,
    );
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
