import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SubgraphSchema } from './compose.ts';
import type { FetchSdl } from './introspect.ts';
import type { SupergraphYamlProblem } from './supergraph-yaml-error.ts';
import type { SchemaSource, SubgraphEntry } from './supergraph-yaml-shape.ts';

export interface SubgraphSourceOptions {
  /** What file names are relative to. */
  readonly folder: string;
  readonly fetchSdl: FetchSdl;
  /** Whether a problem at this path, or below it, is told already: then it is neither tried nor told again. */
  readonly isKnown: (path: string) => boolean;
}

/** What came of one subgraph of a supergraph.yaml. */
export interface ReadSubgraph {
  readonly subgraph: SubgraphSchema;
  readonly problems: readonly SupergraphYamlProblem[];
  /** Files to watch, as absolute paths. */
  readonly files: readonly string[];
}

const SOURCES = ['file', 'subgraph_url', 'sdl', 'graphref'] as const;

/** Finds the address and the schema of one subgraph. Never throws: what fails is a problem with its path. */
export async function readSubgraph(
  { name, routingUrl, schema }: SubgraphEntry,
  { folder, fetchSdl, isKnown }: SubgraphSourceOptions,
): Promise<ReadSubgraph> {
  const problems: SupergraphYamlProblem[] = [];
  const files: string[] = [];
  const at = `subgraphs.${name}`;
  const report = (path: string, message: string) => {
    if (!isKnown(path)) problems.push({ path, message });
  };

  const url = routingUrl ?? schema.subgraph_url;
  if (url === undefined) report(`${at}.routing_url`, 'is missing; write where the gateway reaches this subgraph');
  else if (routingUrl !== undefined) checkUrl(`${at}.routing_url`, routingUrl, report);
  if (schema.subgraph_url !== undefined) checkUrl(`${at}.schema.subgraph_url`, schema.subgraph_url, report);
  checkSource(`${at}.schema`, schema, report);

  if (schema.file !== undefined) files.push(resolve(folder, schema.file));
  let sdl = '';
  const path = sourcePath(at, schema);
  if (!isKnown(path) && !problems.some((problem) => problem.path.startsWith(`${at}.schema`))) {
    try {
      sdl = await readSdl(schema, folder, fetchSdl);
    } catch (error) {
      report(path, error instanceof Error ? error.message : String(error));
    }
  }
  return { subgraph: { name, url: url ?? '', sdl }, problems, files };
}

function sourcePath(at: string, schema: SchemaSource): string {
  return `${at}.schema.${SOURCES.find((source) => schema[source] !== undefined) ?? ''}`;
}

type Report = (path: string, message: string) => void;

function checkUrl(path: string, url: string, report: Report): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    report(path, `"${url}" is not an address; write http://host:port/path or https://…`);
  }
}

function checkSource(path: string, schema: SchemaSource, report: Report): void {
  const given = SOURCES.filter((source) => schema[source] !== undefined);
  if (given.length === 0) report(path, 'must say where the schema is: `file: …`, `subgraph_url: …` or `sdl: …`');
  if (given.length > 1) report(path, `says ${given.join(' and ')}; keep one of them`);
  const hasHeaders = Object.keys(schema.introspection_headers ?? {}).length > 0;
  if (hasHeaders && given.length > 0 && schema.subgraph_url === undefined) {
    report(`${path}.introspection_headers`, 'has no use without subgraph_url; remove it');
  }
  if (schema.graphref !== undefined) {
    report(
      `${path}.graphref`,
      `a schema cannot be taken from a registry here; fetch it to a file (rover subgraph fetch ${schema.graphref} --name ${schema.subgraph ?? 'NAME'}) and name that with schema.file`,
    );
  } else if (schema.subgraph !== undefined) {
    report(`${path}.subgraph`, 'has no use without graphref; remove it');
  }
}

/** @throws {Error} with a message for an operator */
async function readSdl(schema: SchemaSource, folder: string, fetchSdl: FetchSdl): Promise<string> {
  if (schema.subgraph_url !== undefined) return fetchSdl(schema.subgraph_url, schema.introspection_headers ?? {});
  if (schema.file === undefined) return schema.sdl ?? '';
  const file = resolve(folder, schema.file);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new Error(`${file} ${reason}; the path is relative to the folder of supergraph.yaml`, { cause: error });
  }
}
