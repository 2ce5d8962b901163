import { demand } from '../access/principal.ts';
import { validateOperations } from '../check/validate-operations.ts';
import { RegistryError } from '../errors.ts';
import { toApiSchema } from '../schema/api-schema.ts';
import type { Resolvers } from './generated.ts';

/** `client check`: a client's operations against the schema that the variant serves. */
export const clientCheck = {
  GraphMutation: {
    validateOperations: ({ id: graphId }, { tag, operations }, { principal, current }) => {
      const variant = tag ?? 'current';
      demand(principal, 'read', { graphId, variant });
      const served = current.get(graphId, variant);
      if (served === undefined) {
        throw new RegistryError('VARIANT_UNKNOWN', `${graphId}@${variant} serves nothing to check operations against.`);
      }
      const bodies = operations.map(({ name, body }) => ({ name: name ?? null, body }));
      return {
        validationResults: validateOperations(toApiSchema(served.sdl), bodies).map(
          ({ type, code, description, operationName }) => ({
            type,
            code,
            description,
            operation: { name: operationName, body: '' },
          }),
        ),
      };
    },
  },
} satisfies Resolvers;
