import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { SubgraphSchema } from './compose.ts';
import { expandVariables, type Surroundings } from './expand-variables.ts';
import { judgeFederationVersion } from './federation-version.ts';
import { type FetchSdl, fetchSdl as fetchSdlByHttp } from './introspect.ts';
import { readSubgraph } from './subgraph-source.ts';
import { SupergraphYamlError, type SupergraphYamlProblem } from './supergraph-yaml-error.ts';
import { checkShape, readEntries } from './supergraph-yaml-shape.ts';

export { SupergraphYamlError, type SupergraphYamlProblem } from './supergraph-yaml-error.ts';

export interface SupergraphYamlOptions {
  /** For `${env.NAME}`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How a running subgraph is asked for its schema: by HTTP, unless something else is given. */
  readonly fetchSdl?: FetchSdl;
}

/** The subgraphs that a supergraph.yaml lists, with their schemas. */
export interface SubgraphList {
  readonly subgraphs: readonly SubgraphSchema[];
  /** Files whose change asks for reading again, as absolute paths; the YAML itself comes first. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads a supergraph.yaml in rover's format and the schemas it names: from files (relative to its folder), from running
 * subgraphs, or inline. `${env.NAME}` and `${file.PATH}` are replaced in every text.
 *
 * @throws {SupergraphYamlError} with every problem of the file and of what it names
 */
export async function readSupergraphYaml(
  path: string,
  { environment, fetchSdl = fetchSdlByHttp }: SupergraphYamlOptions,
): Promise<SubgraphList> {
  const file = resolve(path);
  const folder = dirname(file);
  const files = new Set([file]);
  const problems: SupergraphYamlProblem[] = [];

  const raw = await readYaml(file, problems);
  if (problems.length > 0) throw new SupergraphYamlError(file, problems, [...files]);
  const value = expand(raw, [], { environment, folder }, { problems, files });
  const isKnown = (at: string) => problems.some((known) => known.path === at || known.path.startsWith(`${at}.`));
  problems.push(...checkShape(value).filter((problem) => !isKnown(problem.path)));

  const version = isKnown('federation_version') ? undefined : judgeFederationVersion(versionOf(value));
  if (version !== undefined && 'error' in version)
    problems.push({ path: 'federation_version', message: version.error });

  const read = await Promise.all(readEntries(value).map((entry) => readSubgraph(entry, { folder, fetchSdl, isKnown })));
  problems.push(...read.flatMap((one) => one.problems));
  for (const watched of read.flatMap((one) => one.files)) files.add(watched);
  if (problems.length > 0) throw new SupergraphYamlError(file, problems, [...files]);
  return {
    subgraphs: read.map(({ subgraph }) => subgraph),
    files: [...files],
    warnings: version !== undefined && 'warning' in version ? [version.warning] : [],
  };
}

async function readYaml(file: string, problems: SupergraphYamlProblem[]): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${code})`;
    problems.push({ path: '', message: `${message}; name the supergraph.yaml that lists the subgraphs` });
    return undefined;
  }
  const document = parseDocument(text);
  for (const { message } of document.errors) {
    problems.push({ path: '', message: `it is not YAML: ${message.split('\n')[0]?.replace(/:$/, '')}` });
  }
  if (problems.length > 0) return undefined;
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that multiply into something huge, or that name nothing.
    problems.push({ path: '', message: `it is not usable YAML: ${error instanceof Error ? error.message : error}` });
    return undefined;
  }
}

interface Found {
  readonly problems: SupergraphYamlProblem[];
  readonly files: Set<string>;
}

/** Replaces variables in every text, at any depth; keys stay as they are. */
function expand(value: unknown, path: readonly string[], surroundings: Surroundings, found: Found): unknown {
  if (typeof value === 'string') {
    const { text, problems, files } = expandVariables(value, surroundings);
    found.problems.push(...problems.map((message) => ({ path: path.join('.'), message })));
    for (const file of files) found.files.add(file);
    return text;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => expand(item, [...path, String(index)], surroundings, found));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, expand(inner, [...path, key], surroundings, found)]),
  );
}

function versionOf(value: unknown): string | number | undefined {
  const version: unknown = Object(value).federation_version;
  return typeof version === 'string' || typeof version === 'number' ? version : undefined;
}
