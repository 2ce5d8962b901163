import type { GraphQLSchema } from 'graphql';
import { answerTasks } from '../../service/thread-task.ts';
import type { SchemaTask } from './schema-threads.ts';

/** A thread that does what takes long with schemas. See `schema-threads.ts`. */

/** What clients saw of the last supergraph that was compared: the next one is compared with it, where publishes follow one another. */
let last: { readonly supergraph: string; readonly apiSchema: GraphQLSchema } | undefined;

answerTasks(async (task: SchemaTask) => {
  // Each only now, after it has given way: loading Apollo's part takes as long as its work on small graphs.
  switch (task.kind) {
    case 'parse': {
      const { findSyntaxError } = await import('./find-syntax-error.ts');
      return findSyntaxError(task.sdl);
    }
    case 'compose': {
      const { compose } = await import('../../composition/compose.ts');
      return compose(task.subgraphs);
    }
    case 'lint': {
      const { lint } = await import('./lint.ts');
      return lint(task.sdl, task.options);
    }
    case 'yaml': {
      const { readYaml } = await import('./read-yaml.ts');
      return readYaml(task.text);
    }
    case 'contract': {
      const { filterSupergraph } = await import('../../composition/contract.ts');
      const filtered = filterSupergraph(task.source, task.filter);
      return 'errors' in filtered ? filtered : { ...filtered, hints: [] };
    }
    case 'print': {
      const { printSchema } = await import('graphql');
      const { toApiSchema } = await import('../../composition/api-schema.ts');
      return printSchema(toApiSchema(task.supergraph));
    }
    case 'map': {
      const { mapTypes } = await import('./type-map.ts');
      return mapTypes(task.supergraph);
    }
    case 'find': {
      const { hasCoordinate } = await import('./coordinate.ts');
      return hasCoordinate(task.supergraph, task.coordinate);
    }
    case 'diff': {
      const { toApiSchema } = await import('../../composition/api-schema.ts');
      const { diffApiSchemas } = await import('./changes.ts');
      const before = last?.supergraph === task.before ? last.apiSchema : toApiSchema(task.before);
      last = { supergraph: task.after, apiSchema: toApiSchema(task.after) };
      return diffApiSchemas(before, last.apiSchema);
    }
  }
});
