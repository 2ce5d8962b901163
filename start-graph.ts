import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphSchema } from './composition/compose.ts';
import { readSupergraphYaml } from './composition/supergraph-yaml.ts';
import { administratorKeyFile, readAdministratorKey } from './registry/access/administrator.ts';
import { publishArguments, type RoverResult, runRover } from './rover.ts';
import { ask } from './start-ask.ts';

/** The graph that `npm start` serves, as the registry has it. */
export interface StartedGraph {
  /** What whoever works with rover puts into `APOLLO_KEY`: shell text, so that the key itself is on no screen. */
  readonly keyForShell: string;
  /** Where somebody finds that key: a file, or a variable. */
  readonly keyPlace: string;
  /** What the gateway follows the registry with. */
  readonly gatewayKey: string;
  /** Subgraphs whose schema here is not the published one. */
  readonly unpublished: readonly string[];
}

export const GRAPH_REF = 'tributary@current';
const [GRAPH_ID = '', VARIANT = ''] = GRAPH_REF.split('@');
const WITHOUT_REGISTRY = 'GATEWAY_SUPERGRAPH_SOURCE=compose npm start runs without the registry.';

export interface StartGraphOptions {
  /** The registry's GraphQL endpoint. */
  readonly registryUrl: string;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * At the first start publishes what supergraph.yaml lists, by rover as any team would; from then on the registry says what is
 * served, and what was rolled back there stays so.
 *
 * @throws {Error} for an operator, when there is no administrator's key at hand or rover cannot publish
 */
export async function startGraph({ registryUrl, dataDir, environment }: StartGraphOptions): Promise<StartedGraph> {
  const file = administratorKeyFile(dataDir);
  const adminKey = environment.REGISTRY_ADMIN_KEY || readAdministratorKey(dataDir);
  if (adminKey === undefined)
    throw new Error(
      `The registry has an administrator, but not by the key in ${file}, which is not there. Set REGISTRY_ADMIN_KEY to make another. ${WITHOUT_REGISTRY}`,
    );
  const registry = { url: registryUrl, key: adminKey };
  const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment });
  const published = await askForSchemas(registry);
  if (published.size === 0) for (const subgraph of subgraphs) await publish(subgraph, registry, environment);
  return {
    keyPlace: environment.REGISTRY_ADMIN_KEY ? 'REGISTRY_ADMIN_KEY' : file,
    keyForShell: environment.REGISTRY_ADMIN_KEY ? '$REGISTRY_ADMIN_KEY' : `$(cat ${file})`,
    gatewayKey: await keyOfGateway(registry, join(dataDir, 'gateway')),
    unpublished:
      published.size === 0
        ? []
        : subgraphs.filter(({ name, sdl }) => published.get(name) !== sdl).map(({ name }) => name),
  };
}

interface Registry {
  readonly url: string;
  readonly key: string;
}

async function askForSchemas(registry: Registry): Promise<ReadonlyMap<string, string>> {
  const { graph } = await ask<{
    graph: { variant: { subgraphs: { name: string; activePartialSchema: { sdl: string } }[] | null } | null } | null;
  }>(
    registry,
    'query($id: ID!, $variant: String!) { graph(id: $id) { variant(name: $variant) { subgraphs { name activePartialSchema { sdl } } } } }',
    { id: GRAPH_ID, variant: VARIANT },
  );
  const subgraphs = graph?.variant?.subgraphs ?? [];
  return new Map(subgraphs.map(({ name, activePartialSchema }) => [name, activePartialSchema.sdl]));
}

async function publish(
  subgraph: SubgraphSchema,
  { url, key }: Registry,
  environment: StartGraphOptions['environment'],
): Promise<void> {
  const command = publishArguments(GRAPH_REF, subgraph);
  const result = await runRover(command, { registryUrl: url, key, environment, input: subgraph.sdl });
  if (result.exitCode !== 0)
    throw new Error(`rover could not publish ${subgraph.name}:\n${said(result)}\n${WITHOUT_REGISTRY}`);
}

function said({ stderr, stdout }: RoverResult): string {
  return (stderr.trim() || stdout.trim()).replace(/^/gm, '  ');
}

/** The gateway has a key of its own, that can read and report and nothing else. */
async function keyOfGateway(registry: Registry, directory: string): Promise<string> {
  const file = join(directory, 'registry-key');
  const kept = readIfThere(file);
  if (kept !== undefined && (await isKnown({ ...registry, key: kept }))) return kept;
  const { createKey } = await ask<{ createKey: { secret: string } }>(
    registry,
    'mutation($input: CreateKeyInput!) { createKey(input: $input) { secret } }',
    { input: { name: 'gateway of npm start', graphId: GRAPH_ID, variant: VARIANT, verbs: ['read', 'report'] } },
  );
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, `${createKey.secret}\n`, { mode: 0o600 });
  return createKey.secret;
}

async function isKnown(registry: Registry): Promise<boolean> {
  const { me } = await ask<{ me: { id: string } | null }>(registry, '{ me { id } }', {});
  return me !== null;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
