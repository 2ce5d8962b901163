import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type TestProcess } from './process.ts';
import { composeOrThrow } from './test-gateway.ts';

/** `gateway/main.ts` as a process of its own, on ports that were free. */
export interface GatewayProcess extends TestProcess {
  /** Resolves when it serves. */
  readonly serving: Promise<{ readonly url: string; readonly admin: string }>;
}

export interface GatewayProcessOptions {
  /** What it serves, composed; without it, what `environment` says. */
  readonly schemas?: Parameters<typeof composeOrThrow>[0];
  readonly workers?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts one that has no options but these, whatever stands in `gateway/gateway.yaml`. */
export function startGatewayProcess({ schemas, workers = 1, environment }: GatewayProcessOptions): GatewayProcess {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-gateway-'));
  const [config, supergraph] = [join(folder, 'gateway.yaml'), join(folder, 'supergraph.graphql')];
  writeFileSync(config, '');
  if (schemas !== undefined) writeFileSync(supergraph, composeOrThrow(schemas));
  const process = startProcess('gateway/main.ts', {
    args: [
      ...['--config', config, '--listen', '0', '--workers', String(workers)],
      ...(schemas === undefined ? [] : ['--supergraph', supergraph]),
    ],
    environment: { GATEWAY_ADMIN_PORT: '0', ...environment },
  });
  // Each of several processes says it as well, without their number.
  const said = process.output.find(workers === 1 ? /the gateway is serving/ : /"workers":\d+.*the gateway is serving/);
  const serving = said.then((line) => JSON.parse(line) as { url: string; admin: string });
  // Whoever expects that it does not start does not ask.
  serving.catch(() => undefined);
  return {
    ...process,
    serving,
    close: async () => {
      await process.close();
      rmSync(folder, { recursive: true });
    },
  };
}
