import { parseArgs } from 'node:util';
import { readConfig } from '../service/config.ts';
import { runMain } from '../service/run-main.ts';
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

await runMain({ service: 'registry', usage: USAGE, read: readArguments, start: startRegistry });
