import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSupergraphYaml } from '../composition/supergraph-yaml.ts';
import { administratorKeyFile } from '../registry/access/administrator.ts';
import { publishArguments, runRover } from '../rover.ts';

/** Publishes subgraphs of supergraph.yaml again: `npm run publish -- orders`. */

const USAGE = `Usage: npm run publish -- NAME... [options]

Publishes subgraphs to the registry by rover, with the schema and address that supergraph.yaml has for them.

  --all                  all that it has
  --missing              only those that the registry does not have: what it has, others may have published since
  --supergraph FILE      another supergraph.yaml
  --graph GRAPH@VARIANT  (APOLLO_GRAPH_REF, else tributary@current)
  --help

The registry is that of APOLLO_REGISTRY_URL, else http://127.0.0.1:4200/graphql; the key that of APOLLO_KEY, else of the
administrator of npm start.`;

async function publish(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      missing: { type: 'boolean', default: false },
      supergraph: { type: 'string', default: 'supergraph.yaml' },
      graph: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const { subgraphs } = await readSupergraphYaml(values.supergraph, { environment: process.env });
  const names = values.all ? subgraphs.map(({ name }) => name) : positionals;
  const known = subgraphs.map(({ name }) => name).join(', ');
  if (names.length === 0) throw new TypeError(`Name what to publish. ${values.supergraph} has: ${known}.`);
  const chosen = names.map((name) => {
    const found = subgraphs.find((subgraph) => subgraph.name === name);
    if (found === undefined) throw new TypeError(`${values.supergraph} has no subgraph "${name}". It has: ${known}.`);
    return found;
  });
  const registryUrl = process.env.APOLLO_REGISTRY_URL || 'http://127.0.0.1:4200/graphql';
  const graphRef = values.graph ?? (process.env.APOLLO_GRAPH_REF || 'tributary@current');
  const key = process.env.APOLLO_KEY || readAdministratorKey();
  for (const subgraph of chosen) {
    if (values.missing) {
      const fetching = ['subgraph', 'fetch', graphRef, '--name', subgraph.name];
      const { exitCode } = await runRover(fetching, { registryUrl, key, environment: process.env });
      if (exitCode === 0) {
        console.error(`${subgraph.name} is in ${graphRef} already`);
        continue;
      }
    }
    const { exitCode, stdout, stderr } = await runRover(publishArguments(graphRef, subgraph), {
      ...{ registryUrl, key, environment: process.env, input: subgraph.sdl },
    });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    if (exitCode !== 0) {
      process.exitCode = exitCode ?? 1;
      return;
    }
  }
}

/** @throws {TypeError} */
function readAdministratorKey(): string {
  const file = administratorKeyFile(process.env.TRIBUTARY_DATA_DIR || '.data');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new TypeError(
      `There is no APOLLO_KEY, and no ${file} of an npm start. Set APOLLO_KEY to a key of the registry.`,
      {
        cause: error,
      },
    );
  }
}

try {
  await publish();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
