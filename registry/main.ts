import { parseArgs } from 'node:util';
import { readConfig } from '../service/config.ts';
import { createLog } from '../service/logs.ts';
import { run } from '../service/run.ts';
import { startRegistry } from './app.ts';
import { type RegistryConfig, registryConfig } from './config.ts';

/** The registry as a process: `npm run registry -- [--config FILE]`. */

const USAGE = `Usage: npm run registry -- [options]

  --config FILE        options in YAML (all options: docs/config.md)
  --help`;

function readArguments(): RegistryConfig | 'help' {
  const { values } = parseArgs({
    options: { config: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return 'help';
  return readConfig({
    schema: registryConfig,
    prefix: 'REGISTRY',
    environment: process.env,
    file: values.config,
  });
}

let config: RegistryConfig | 'help';
try {
  config = readArguments();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\n${USAGE}`);
  process.exit(1);
}

if (config === 'help') {
  console.log(USAGE);
} else {
  const chosen = config;
  const log = createLog('registry', chosen.log.level);
  await run(() => startRegistry(chosen, log), { log, shutdownTimeoutMs: () => chosen.shutdownTimeoutMs });
}
