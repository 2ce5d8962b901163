import type { Running } from '../../../service/run.ts';
import { startProcess, type TestProcess } from '../../support/process.ts';
import { GRAPH } from './open-registry.ts';

/** `registry/main.ts` as a process of its own, with the graph `GRAPH`. */
export interface RegistryProcess extends Running {
  readonly url: string;
  readonly process: TestProcess;
  /** Publishes to `GRAPH@current`. @throws what is refused, or when the process is gone */
  publish(subgraph: string, sdl: string): Promise<void>;
  /** What `GRAPH@current` serves: the status and the version's id, if there is one. */
  served(key?: string): Promise<{ readonly status: number; readonly id: string | undefined }>;
}

/** What may do everything there. */
export const PROCESS_KEY = 'an administrator of processes';

const PUBLISH = `mutation ($graph: ID!, $name: String!, $sdl: String!) { graph(id: $graph) { publishSubgraph(
  name: $name, url: "http://subgraph.test", revision: "", activePartialSchema: { sdl: $sdl }, graphVariant: "current"
) { wasCreated } } }`;

/** @returns when it serves */
export async function startRegistryProcess(environment: Record<string, string>): Promise<RegistryProcess> {
  const process = startProcess('registry/main.ts', {
    environment: { REGISTRY_HTTP_PORT: '0', REGISTRY_GRAPHS: GRAPH, REGISTRY_ADMIN_KEY: PROCESS_KEY, ...environment },
  });
  const { url } = JSON.parse(await process.output.find(/the registry is serving/)) as { url: string };
  return {
    url,
    process,
    async publish(name, sdl) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': PROCESS_KEY },
        body: JSON.stringify({ query: PUBLISH, variables: { graph: GRAPH, name, sdl } }),
      });
      const { errors } = (await response.json()) as { errors?: { message: string }[] };
      if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
    },
    async served(key = PROCESS_KEY) {
      const response = await fetch(`${url}/supergraph/${GRAPH}/current`, { headers: { 'x-api-key': key } });
      await response.body?.cancel();
      return { status: response.status, id: response.headers.get('etag')?.slice(1, -1) };
    },
    close: () => process.close(),
  };
}
