import { parseArgs } from 'node:util';
import { readSupergraphYaml } from '../composition/supergraph-yaml.ts';
import { administratorKeyFile, readAdministratorKey } from '../registry/access/administrator.ts';
import { publishArguments, runRover } from '../rover.ts';
import { GRAPH_REF } from '../start-graph.ts';

/** Publishes subgraphs of supergraph.yaml again: `npm run publish -- orders`. */

const USAGE = `Usage: npm run publish -- NAME... [options]

Publishes subgraphs to the registry by rover, with the schema and address that supergraph.yaml has for them.

  --all                  all that it has
  --first                nothing when the graph has subgraphs: others may have published, deleted or rolled back since
  --supergraph FILE      another supergraph.yaml
  --graph GRAPH@VARIANT  (APOLLO_GRAPH_REF, else tributary@current)
  --help

The registry is that of APOLLO_REGISTRY_URL, else http://127.0.0.1:4200/graphql; the key that of APOLLO_KEY, else, for a
registry on this machine, of the administrator of npm start.`;

async function publish(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
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
  const graphRef = values.graph ?? (process.env.APOLLO_GRAPH_REF || GRAPH_REF);
  const key = process.env.APOLLO_KEY || findAdministratorKey(registryUrl);
  const rover = { registryUrl, key, environment: process.env };
  if (values.first && (await runRover(['subgraph', 'list', graphRef], rover)).exitCode === 0)
    return console.log(`${graphRef} has subgraphs already: nothing is published.`);
  for (const subgraph of chosen) {
    const publishing = publishArguments(graphRef, subgraph);
    const { exitCode, stdout, stderr } = await runRover(publishing, { ...rover, input: subgraph.sdl });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    if (exitCode !== 0) {
      process.exitCode = exitCode ?? 1;
      return;
    }
  }
}

/** Whoever has it may do everything here: it is sent to no other machine. @throws {TypeError} */
function findAdministratorKey(registryUrl: string): string {
  if (!isOnThisMachine(registryUrl))
    throw new TypeError(`There is no APOLLO_KEY: set it to a key of the registry at ${registryUrl}.`);
  const dataDir = process.env.TRIBUTARY_DATA_DIR || '.data';
  const key = readAdministratorKey(dataDir);
  if (key !== undefined) return key;
  const file = administratorKeyFile(dataDir);
  throw new TypeError(
    `There is no APOLLO_KEY, and no ${file} of an npm start. Set APOLLO_KEY to a key of the registry.`,
  );
}

function isOnThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

try {
  await publish();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
