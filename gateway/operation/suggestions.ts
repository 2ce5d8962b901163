import type { GraphQLFormattedError } from 'graphql';

/** An error without the names that graphql-js suggests at its end: who may not read the schema should not guess it either. */
export function withoutSuggestion<Told extends GraphQLFormattedError>(error: Told): Told {
  return { ...error, message: error.message.replace(/ Did you mean .+\?$/s, '') };
}
