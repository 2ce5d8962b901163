import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../composition/compose.ts';
import type { Workload, WorkloadSubgraph } from './workloads/workload.ts';

/** A workload's graph as the files that the gateways are started with. */
export interface Graph {
  readonly directory: string;
  readonly supergraphFile: string;
  /** The same graph, and who may have what; for a workload that does not say that, the same file. */
  readonly guardedFile: string;
  /** Grafbase's configuration, without and with its sharing of fetches in flight. */
  readonly grafbaseFile: string;
  readonly grafbaseSharingFile: string;
  /** Names, addresses and Federation 1 schemas, for Mercurius. */
  readonly servicesFile: string;
}

/** Composes the workload's subgraphs at `port` and writes all files into a folder of its own in `parent`. */
export function writeGraph(workload: Workload, port: string, parent: string): Graph {
  const directory = join(parent, workload.name);
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const subgraphs = Object.entries(workload.subgraphs).map(([name, { sdl, federation1 }]) => {
    return { name, url: addressOf(name, port), schema: federation1, file: write(`${name}.graphql`, sdl) };
  });
  const toml = subgraphs
    .map(({ name, url, file }) => `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${file}"\n`)
    .join('');
  const supergraphFile = write('supergraph.graphql', composeAt(workload.subgraphs, port));
  return {
    directory,
    supergraphFile,
    guardedFile:
      workload.guarded === undefined
        ? supergraphFile
        : write('guarded.graphql', composeAt({ ...workload.subgraphs, ...workload.guarded }, port)),
    grafbaseFile: write('grafbase.toml', `[traffic_shaping]\ninflight_deduplication = false\n${toml}`),
    grafbaseSharingFile: write('grafbase-sharing.toml', `[traffic_shaping]\ninflight_deduplication = true\n${toml}`),
    servicesFile: write(
      'services.json',
      JSON.stringify(subgraphs.map(({ name, url, schema }) => ({ name, url, schema }))),
    ),
  };
}

const addressOf = (name: string, port: string) => `http://127.0.0.1:${port}/${name}`;

/** The supergraph of subgraphs that are served at `port`. */
export function composeAt(subgraphs: Readonly<Record<string, Pick<WorkloadSubgraph, 'sdl'>>>, port: string): string {
  const composition = compose(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, sdl, url: addressOf(name, port) })),
  );
  if ('errors' in composition) throw new Error(composition.errors.map(({ message }) => message).join('\n'));
  return composition.supergraphSdl;
}
