import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

/** How the rover command line tool is run from here: the one that `npm ci` has installed. */

export interface RoverOptions {
  /** The registry's GraphQL endpoint. */
  readonly registryUrl: string;
  readonly key: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For `--schema -`. */
  readonly input?: string;
}

export interface RoverResult {
  /** 0 for success, 1 for what rover reports, 2 for wrong arguments. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** What it tells people. */
  readonly stderr: string;
}

const WRAPPER = createRequire(import.meta.url).resolve('@apollo/rover/bin/rover.js');

/** Runs rover. It asks the registry only: no update check, no telemetry. @throws when it cannot be started */
export function runRover(
  commands: readonly string[],
  { registryUrl, key, environment, input }: RoverOptions,
): Promise<RoverResult> {
  const env = {
    ...environment,
    APOLLO_REGISTRY_URL: registryUrl,
    APOLLO_KEY: key,
    APOLLO_TELEMETRY_DISABLED: '1',
    APOLLO_ROVER_SKIP_UPDATE: '1',
    // In Node, too, this means a backtrace after each error.
    RUST_BACKTRACE: undefined,
  };
  return runToEnd(process.execPath, [WRAPPER, ...commands], { env }, input);
}

/** Runs a program until it ends. @param input for its standard input @throws when it cannot be started */
export function runToEnd(
  program: string,
  commands: readonly string[],
  options: { readonly cwd?: string; readonly env: NodeJS.ProcessEnv },
  input = '',
): Promise<RoverResult> {
  const child = spawn(program, commands, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    // One that ends before it has read all says why by itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The arguments that publish a subgraph whose schema comes on standard input. */
export function publishArguments(graphRef: string, { name, url }: { readonly name: string; readonly url: string }) {
  return ['subgraph', 'publish', graphRef, '--name', name, '--routing-url', url, '--schema', '-'];
}
