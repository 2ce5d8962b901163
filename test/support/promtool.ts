import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from '@jest/globals';

const PROMTOOL = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'promtool'))
  .find(existsSync);

/** A test that needs Prometheus' own tool (Debian's package `prometheus`); with `CI=true` it fails without. */
export const itWithPromtool = PROMTOOL !== undefined || process.env.CI === 'true' ? it : it.skip;

export interface Checked {
  readonly exitCode: number;
  /** On both outputs. */
  readonly said: string;
}

/** Runs `promtool check …`. @param input what it reads from its standard input */
export function runPromtool(args: readonly string[], input = ''): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const child = execFile(PROMTOOL ?? 'promtool', ['check', ...args], (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, said: stdout + stderr });
      else reject(error);
    });
    child.stdin?.end(input);
  });
}
