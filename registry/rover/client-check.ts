import { demand } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import type { Resolvers } from './generated.ts';

const MOST_OPERATIONS = 5_000;

/** `client check`: a client's operations against the schema that the variant serves. */
export const clientCheck = {
  GraphMutation: {
    validateOperations: async ({ id: graphId }, { tag, operations }, { principal, current, checking }) => {
      const variant = tag ?? 'current';
      demand(principal, 'read', { graphId, variant });
      const served = current.get(graphId, variant);
      if (served === undefined) {
        throw new RegistryError('VARIANT_UNKNOWN', `${graphId}@${variant} serves nothing to check operations against.`);
      }
      if (operations.length > MOST_OPERATIONS) {
        const message = `${operations.length} operations are too many; the registry checks ${MOST_OPERATIONS} at once.`;
        throw new RegistryError('BAD_REQUEST', message);
      }
      const bodies = operations.map(({ name, body }) => ({ name: name ?? null, body }));
      const problems = await checking.comparing.validate(served.sdl, bodies);
      return {
        validationResults: problems.map(({ type, code, description, operationName }) => ({
          type,
          code,
          description,
          operation: { name: operationName, body: '' },
        })),
      };
    },
  },
} satisfies Resolvers;
