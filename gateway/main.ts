import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../service/config.ts';
import type { Log } from '../service/logs.ts';
import { runMain } from '../service/run-main.ts';
import { type Gateway, startGateway } from './app.ts';
import { type GatewayConfig, gatewayConfig } from './config.ts';
import { startWorkers } from './workers/start-workers.ts';
import { tellReady } from './workers/worker.ts';

/** The gateway as a process: `npm run gateway -- [--config FILE] [--supergraph FILE] [--listen HOST:PORT] [--workers N]`. */

const USAGE = `Usage: npm run gateway -- [options]

  --config FILE        options in YAML (default: gateway/gateway.yaml; all options: docs/config.md)
  --supergraph FILE    serve this composed supergraph (.graphql), or compose this supergraph.yaml
  --listen HOST:PORT   where clients come (default: 127.0.0.1:4000)
  --workers N          processes that serve it (default: 1)
  --help`;

function readArguments(): GatewayConfig | 'help' {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: fileURLToPath(new URL('./gateway.yaml', import.meta.url)) },
      supergraph: { type: 'string' },
      listen: { type: 'string' },
      workers: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const listen = values.listen === undefined ? undefined : /^(?:(?<host>.*):)?(?<port>\d+)$/.exec(values.listen);
  if (listen === null)
    throw new ConfigError([{ path: '--listen', message: `must be HOST:PORT or PORT, not "${values.listen}"` }]);
  const { supergraph } = values;
  return readConfig({
    schema: gatewayConfig,
    prefix: 'GATEWAY',
    environment: process.env,
    file: values.config,
    flags: {
      'supergraph.file': supergraph,
      'supergraph.source': supergraph === undefined ? undefined : /\.ya?ml$/.test(supergraph) ? 'compose' : 'file',
      'http.host': listen?.groups?.host?.replace(/^\[|\]$/g, ''),
      'http.port': listen?.groups?.port,
      'workers.count': values.workers,
    },
  });
}

/** One of several: its admin server is for the process that started it alone. */
async function startInWorker(config: GatewayConfig, log: Log): Promise<Gateway> {
  const own = { ...config, admin: { host: '127.0.0.1', port: 0 } };
  const gateway = await startGateway(own, log, process.env);
  tellReady({ url: gateway.url, adminUrl: gateway.adminUrl });
  return gateway;
}

await runMain({
  service: 'gateway',
  usage: USAGE,
  read: readArguments,
  start: (config, log) => {
    if (config.workers.count === 1) return startGateway(config, log, process.env);
    return cluster.isPrimary ? startWorkers(config, log, process.env) : startInWorker(config, log);
  },
});
