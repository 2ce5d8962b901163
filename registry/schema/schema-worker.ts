import { answerTasks } from '../../service/thread-task.ts';
import type { SchemaTask } from './schema-threads.ts';

/** A thread that does what takes long with schemas. See `schema-threads.ts`. */

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
    case 'diff': {
      const { toApiSchema } = await import('../../composition/api-schema.ts');
      const { diffApiSchemas } = await import('./changes.ts');
      return diffApiSchemas(toApiSchema(task.before), toApiSchema(task.after));
    }
  }
});
