import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { statusOf } from './errors.ts';

/**
 * Adds REST routes to a subgraph, in a scope of their own: what they throw is answered as
 * `{ error: { code, message, … } }` with the status of the code; anything that is not a coded error is logged whole and
 * shown as INTERNAL_SERVER_ERROR.
 */
export function addResources(app: FastifyInstance, add: (scope: FastifyInstance) => void): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const status = statusOf(error);
      if (error instanceof GraphQLError && status !== undefined) {
        return reply.code(status).send({ error: { ...error.extensions, message: error.message } });
      }
      const refused = statusOfRefusal(error);
      if (error instanceof Error && refused !== undefined) {
        return reply.code(refused).send({ error: { code: 'BAD_USER_INPUT', message: error.message } });
      }
      request.log.error({ err: error }, 'a resource failed');
      return reply.code(500).send({ error: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' } });
    });
    add(scope);
  });
}

/** What fastify itself refuses (a body that is not JSON, too long, of an unknown type) comes with its status. */
function statusOfRefusal(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
