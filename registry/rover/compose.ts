import { z } from 'zod';
import type { Composition, CompositionError } from '../../composition/compose.ts';
import { judgeFederationVersion } from '../../composition/federation-version.ts';
import { RegistryError } from '../errors.ts';
import type { Rooms } from './context.ts';

/** What rover's plugin for composing prints, as rover reads it. */
export type PluginResult =
  | { readonly Ok: { readonly supergraphSdl: string; readonly hints: readonly PluginHint[] } }
  | { readonly Err: { readonly build_errors: readonly PluginError[] } };

interface PluginHint {
  readonly code: string;
  readonly message: string;
}

interface PluginError {
  readonly code: string | null;
  readonly message: string;
  readonly type: 'composition';
  readonly nodes: readonly PluginNode[];
  readonly omittedNodesCount: number;
}

interface PluginNode {
  readonly subgraph: string;
  readonly start: { readonly line: number; readonly column: number };
}

/** A supergraph.yaml with everything inlined, as rover hands it to the plugin. */
const file = z.object({
  federation_version: z.union([z.string(), z.number()]).optional(),
  subgraphs: z.record(
    z.string(),
    z.object({ routing_url: z.string().nullish(), schema: z.object({ sdl: z.string() }) }),
  ),
});

/**
 * Composes what rover hands to its plugin.
 *
 * @param yaml a supergraph.yaml with the schemas in it
 * @returns errors of composition as values
 * @throws {RegistryError} BAD_REQUEST when it is not such a file, and what `compose` throws
 */
export async function composeYaml(
  yaml: string,
  { compose, readYaml }: Pick<Rooms['reading'], 'compose' | 'readYaml'>,
): Promise<PluginResult> {
  const { federation_version, subgraphs } = readFile(await readYaml(yaml));
  const verdict = judgeFederationVersion(federation_version);
  if (verdict !== undefined && 'error' in verdict) {
    return toResult({ errors: [{ code: 'FEDERATION_VERSION', message: verdict.error, locations: [] }] });
  }
  const composition = await compose(
    Object.entries(subgraphs).map(([name, { routing_url, schema }]) => ({
      name,
      url: routing_url ?? '',
      sdl: schema.sdl,
    })),
  );
  return toResult(composition);
}

/** The same for what went wrong before anything was composed. */
export function toFailure({ code, message }: RegistryError): PluginResult {
  return toResult({ errors: [{ code, message, locations: [] }] });
}

function readFile(yaml: Awaited<ReturnType<Rooms['reading']['readYaml']>>): z.infer<typeof file> {
  if ('problem' in yaml) throw new RegistryError('BAD_REQUEST', `The supergraph.yaml is not YAML: ${yaml.problem}`);
  const read = file.safeParse(yaml.value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new RegistryError('BAD_REQUEST', `The supergraph.yaml is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
}

function toResult(composition: Composition): PluginResult {
  if ('errors' in composition) return { Err: { build_errors: composition.errors.map(toPluginError) } };
  const hints = composition.hints.map(({ code, message }) => ({ code, message }));
  return { Ok: { supergraphSdl: composition.supergraphSdl, hints } };
}

function toPluginError({ code, message, locations }: CompositionError): PluginError {
  const nodes = locations.map(({ subgraph, line, column }) => ({ subgraph, start: { line, column } }));
  return { code, message, type: 'composition', nodes, omittedNodesCount: 0 };
}
