import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { largeGraph } from '../support/large-graph.ts';
import { BOTH_CORES, startPinned } from './process.ts';

/**
 * What the registry takes of a core while 200 gateways ask it every second for something new, and report every ten seconds:
 * `node test/bench/registry-polls.ts [GATEWAYS] [SECONDS]`. Then a publish, and how long until all have it.
 */

const GATEWAYS = Number(process.argv[2] ?? 200);
const SECONDS = Number(process.argv[3] ?? 30);
const KEY = 'an administrator of a bench';
const REF = 'shop@current';
const QUERY = `#graphql
  query SupergraphSdl($apiKey: String!, $ref: String!, $ifAfterId: ID) {
    routerConfig(ref: $ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
      __typename
      ... on RouterConfigResult { id supergraphSdl: supergraphSDL minDelaySeconds }
      ... on FetchError { code message }
    }
  }`;

let isReporting = false;
const directory = mkdtempSync(join(tmpdir(), 'tributary-polls-'));
const registry = await startPinned(BOTH_CORES, {
  command: ['node', '--import', './service/compile-cache.js', 'registry/main.ts'],
  environment: {
    REGISTRY_HTTP_PORT: '0',
    REGISTRY_GRAPHS: 'shop',
    REGISTRY_ADMIN_KEY: KEY,
    TRIBUTARY_DATA_DIR: directory,
  },
  // The embedded Postgres makes its files first.
  startLimitMs: 60_000,
  address: /"url":"(http:\/\/[^"]+)"/,
});

interface Uplink {
  readonly data: {
    readonly routerConfig: { readonly __typename: string; readonly id?: string; readonly supergraphSdl?: string };
  };
}

function post<Answer>(path: string, body: unknown, agent?: Agent): Promise<Answer> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'x-api-key': KEY };
  return new Promise((resolve, reject) => {
    const sent = request(`${registry.url}${path}`, { method: 'POST', headers, ...(agent && { agent }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answered = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(answered) as Answer);
        else reject(new Error(`${response.statusCode} ${answered}`));
      });
    });
    sent.once('error', reject);
    sent.end(text);
  });
}

async function publish(name: string, url: string, sdl: string): Promise<void> {
  const query = `mutation ($sdl: String!, $name: String!, $url: String) {
    graph(id: "shop") { publishSubgraph(graphVariant: "current", name: $name, url: $url, revision: "1", activePartialSchema: { sdl: $sdl }) { errors { message } } }
  }`;
  const { errors } = await post<{ errors?: unknown[] }>('/', { query, variables: { sdl, name, url } });
  // The first ones may not compose without the last.
  if (errors !== undefined) throw new Error(`${name}: ${JSON.stringify(errors).slice(0, 300)}`);
}

/** One gateway: a connection of its own, a question every second, a report every ten. */
function startGateway(onNew: (id: string) => void): () => void {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const reporting = new Agent({ keepAlive: true, maxSockets: 1 });
  const instance = randomUUID();
  let id: string | null = null;
  let asked = 0;
  const ask = async () => {
    const { data } = await post<Uplink>(
      '/uplink',
      { query: QUERY, variables: { apiKey: KEY, ref: REF, ifAfterId: id } },
      agent,
    );
    if (data.routerConfig.id !== undefined) {
      id = data.routerConfig.id;
      onNew(id);
    }
    if (isReporting && asked++ % 10 === 0) {
      const report = { id: randomUUID(), graph: 'shop', variant: 'current', gateway: { instance, supergraph: id } };
      await post('/usage', { ...report, operations: [], counts: [] }, reporting);
    }
  };
  let isStopped = false;
  const fail = (error: unknown) => {
    if (!isStopped) throw error;
  };
  let timer: NodeJS.Timeout | undefined;
  const begin = setTimeout(() => {
    // What is under way when it stops has no answer.
    timer = setInterval(() => void ask().catch(fail), 1_000);
  }, Math.random() * 1_000);
  return () => {
    isStopped = true;
    clearTimeout(begin);
    clearInterval(timer);
    agent.destroy();
    reporting.destroy();
  };
}

try {
  for (const { name, url, sdl } of largeGraph(400)) await publish(name, url, sdl);
  const latest = new Map<number, string>();
  const stops = Array.from({ length: GATEWAYS }, (_, index) => startGateway((id) => latest.set(index, id)));
  for (let waited = 0; latest.size < GATEWAYS; waited++) {
    if (waited > 300) throw new Error('not all gateways have a supergraph');
    await pause(100);
  }
  const [{ data }] = [await post<Uplink>('/uplink', { query: QUERY, variables: { apiKey: KEY, ref: REF } })];
  const { id = '', supergraphSdl = '' } = data.routerConfig;
  const kilobytes = Math.round(supergraphSdl.length / 1_000);
  for (const what of ['ask every second', 'ask every second and report every ten'] as const) {
    isReporting = what !== 'ask every second';
    await pause(2_000);
    const cpu = registry.cpuMs();
    const began = performance.now();
    await pause(SECONDS * 1_000);
    const share = (100 * (registry.cpuMs() - cpu)) / (performance.now() - began);
    console.log(
      `${GATEWAYS} gateways that ${what}, a supergraph of ${kilobytes} kB: ${share.toFixed(1)} % of a core, ${registry.memoryMb()} MB`,
    );
  }

  const [first] = largeGraph(400, 'added');
  if (first === undefined) throw new TypeError('no subgraphs');
  const before = registry.cpuMs();
  await publish(first.name, first.url, first.sdl);
  const published = performance.now();
  while ([...latest.values()].some((known) => known === id)) await pause(10);
  console.log(
    `a publish was with all of them ${Math.round(performance.now() - published)} ms after its answer; it took ${registry.cpuMs() - before} ms of CPU, composition included`,
  );
  for (const stop of stops) stop();
} finally {
  await registry.close();
  rmSync(directory, { recursive: true });
}
process.exit(0);
