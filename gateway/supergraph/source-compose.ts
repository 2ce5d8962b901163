import type { CompositionError } from '../../composition/compose.ts';
import { composeInThread } from '../../composition/compose-in-thread.ts';
import { readSupergraphYaml, type SubgraphList, SupergraphYamlError } from '../../composition/supergraph-yaml.ts';
import type { Source } from './source.ts';
import { SupergraphError } from './supergraph.ts';

/** A supergraph composed here from rover's `supergraph.yaml`. Composition's hints are warnings. */
export function createComposeSource(file: string, environment: Readonly<Record<string, string | undefined>>): Source {
  return {
    description: file,
    load: async () => {
      const { subgraphs, files, warnings } = await readOrExplain(file, environment);
      const composition = await composeInThread(subgraphs);
      if ('errors' in composition) throw new SupergraphError(explain(composition.errors), { files });
      const hints = composition.hints
        .filter(({ level }) => level === 'WARN')
        .map(({ code, message }) => `${code}: ${message}`);
      return { sdl: composition.supergraphSdl, files, warnings: [...warnings, ...hints] };
    },
  };
}

async function readOrExplain(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SubgraphList> {
  try {
    return await readSupergraphYaml(file, { environment });
  } catch (error) {
    if (!(error instanceof SupergraphYamlError)) throw error;
    throw new SupergraphError(error.message, { cause: error, files: error.files });
  }
}

function explain(errors: readonly CompositionError[]): string {
  const lines = errors.map(({ code, message, locations }) => {
    const places = locations.map(({ subgraph, line, column }) => `${subgraph}:${line}:${column}`).join(', ');
    return `  ${code}: ${message}${places === '' ? '' : ` (${places})`}`;
  });
  return `The subgraphs do not compose, ${errors.length === 1 ? 'one error' : `${errors.length} errors`}:\n${lines.join('\n')}`;
}
