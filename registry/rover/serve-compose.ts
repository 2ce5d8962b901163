import type { FastifyInstance } from 'fastify';
import { RegistryError } from '../errors.ts';
import { concealFault } from '../fault.ts';
import { composeYaml, type PluginResult, toFailure } from './compose.ts';
import { type Rooms, readKey } from './context.ts';

/** All subgraphs of a supergraph together. */
const BODY_LIMIT_BYTES = 64_000_000;

/**
 * `POST /compose` with a supergraph.yaml that has all schemas in it: what rover's plugin sends. Any key that the registry knows
 * will do; composing costs seconds, so nobody else is served. Always status 200 with the JSON that the plugin prints.
 */
export function serveCompose(app: FastifyInstance, { keys, reading, log }: Rooms): void {
  app.register(async (scope) => {
    scope.addContentTypeParser('application/yaml', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    // Before the body is read: whoever has no key could have the registry hold many of these.
    scope.addHook('onRequest', async (request, reply) => {
      try {
        if ((await keys.identify(readKey(request))) === undefined) throw new RegistryError('KEY_INVALID');
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        return reply.send(toFailure(error));
      }
    });
    scope.post<{ Body: string }>(
      '/compose',
      { bodyLimit: BODY_LIMIT_BYTES },
      async (request): Promise<PluginResult> => {
        try {
          return await composeYaml(request.body, reading);
        } catch (error) {
          if (error instanceof RegistryError) return toFailure(error);
          return toFailure(new RegistryError('BAD_REQUEST', concealFault(log, error, 'composing for rover failed')));
        }
      },
    );
  });
}
