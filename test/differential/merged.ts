import { type DocumentNode, execute, type GraphQLSchema } from 'graphql';
import type { Arguments, Data, Instance } from './data.ts';
import type { Model } from './model.ts';

/** The answer that is right: the clients' schema as one server, over the same data, by graphql-js. */
export function executeMerged(
  { model, data, apiSchema }: { readonly model: Model; readonly data: Data; readonly apiSchema: GraphQLSchema },
  document: DocumentNode,
  variables: Arguments,
): { data?: unknown; errors?: readonly { path?: readonly (string | number)[] | undefined; message: string }[] } {
  const result = execute({
    schema: apiSchema,
    document,
    variableValues: variables,
    fieldResolver: (source: Instance | undefined, given: Arguments, _, { parentType, fieldName }) => {
      const instance = source ?? { $type: parentType.name, $number: 0 };
      const type = model.types.get(instance.$type) ?? model.roots.get(instance.$type);
      const field = type?.kind === 'object' ? type.fields.get(fieldName) : undefined;
      if (field === undefined) throw new TypeError(`${instance.$type} has no ${fieldName}`);
      return data.valueOf(instance, field, given);
    },
    typeResolver: ({ $type }: Instance) => $type,
  });
  if (result instanceof Promise) throw new TypeError('nothing here waits');
  return JSON.parse(JSON.stringify(result)) as ReturnType<typeof executeMerged>;
}
