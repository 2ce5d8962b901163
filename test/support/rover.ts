import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RoverResult, runToEnd } from '../../rover.ts';
import type { Running } from '../../service/run.ts';

export type { RoverResult } from '../../rover.ts';

export interface RoverOptions {
  /** Given to the command on its standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The real rover, in a folder of its own, with a registry and a key. */
export interface Rover extends Running {
  /** Where it runs; outside any repository. */
  readonly folder: string;
  /** Runs one command. Colours, telemetry, updates and backtraces are off. */
  run(args: readonly string[], options?: RoverOptions): Promise<RoverResult>;
  /** Writes a file into the folder. @returns its name */
  write(name: string, text: string): string;
  /** The same rover with another key, or without one. */
  as(key: string | undefined): Pick<Rover, 'run'>;
}

/** The program itself, from the package for this platform: its Node wrapper only chooses the package. */
export const ROVER_BINARY = findBinary();

function findBinary(): string {
  const require = createRequire(import.meta.url);
  for (const suffix of ['', '-musl']) {
    try {
      const name = `@apollo/rover-${process.platform}-${process.arch}${suffix}/package.json`;
      return join(dirname(require.resolve(name)), process.platform === 'win32' ? 'rover.exe' : 'rover');
    } catch {
      // The next candidate.
    }
  }
  throw new Error(`@apollo/rover has no build for ${process.platform}-${process.arch}.`);
}

/** Prepares a rover for a registry. `close` removes its folder. */
export function createRover(registryUrl: string, key: string): Rover {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-rover-'));
  const as = (otherKey: string | undefined) => ({
    run: (args: readonly string[], { input, environment }: RoverOptions = {}) => {
      const env = {
        APOLLO_REGISTRY_URL: registryUrl,
        ...(otherKey === undefined ? {} : { APOLLO_KEY: otherKey }),
        APOLLO_HOME: folder,
        APOLLO_CONFIG_HOME: join(folder, 'config'),
        APOLLO_TELEMETRY_DISABLED: '1',
        APOLLO_ROVER_SKIP_UPDATE: '1',
        HOME: folder,
        NO_COLOR: '1',
        // A plugin that is a script finds the Node of this test.
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        ...environment,
      };
      return runToEnd(ROVER_BINARY, args, { cwd: folder, env }, input);
    },
  });
  return {
    folder,
    ...as(key),
    as,
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return name;
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
