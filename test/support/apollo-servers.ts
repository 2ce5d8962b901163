import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { createLog } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';

/** A team's own server over some gateway, on a free port, and what its plugins were told. */
export interface TestServer extends Running {
  readonly url: string;
  readonly apollo: ApolloServer<TeamContext>;
  /** The hooks of plugins in the order they were called, each with what it saw. */
  readonly hooks: unknown[];
}

/** What the team's `context` function makes of a request. */
export interface TeamContext extends BaseContext {
  readonly userId: string | undefined;
}

/** Apollo Server's own pipeline, with a plugin that writes down what it is told. */
export async function startTestServer(
  gateway: GatewayInterface,
  options: Partial<ApolloServerOptions<TeamContext>> = {},
): Promise<TestServer> {
  const hooks: unknown[] = [];
  const apollo = new ApolloServer<TeamContext>({
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: createLog('server', 'silent'),
    ...options,
    gateway,
    plugins: [recordHooks(hooks), ...(options.plugins ?? [])],
  } as ApolloServerOptions<TeamContext>);
  const { url } = await startStandaloneServer(apollo, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => {
      const token = /^Bearer (\w+)$/.exec(req.headers.authorization ?? '')?.[1];
      return { userId: token === undefined ? undefined : `user of ${token}` };
    },
  });
  return { url, apollo, hooks, close: () => apollo.stop() };
}

function recordHooks(hooks: unknown[]): ApolloServerPlugin<TeamContext> {
  return {
    requestDidStart: async () => {
      hooks.push('requestDidStart');
      return {
        parsingDidStart: async () => void hooks.push('parsingDidStart'),
        validationDidStart: async () => void hooks.push('validationDidStart'),
        didResolveOperation: async ({ operationName, operation }) =>
          void hooks.push(['didResolveOperation', operationName, operation?.operation]),
        executionDidStart: async () => {
          hooks.push('executionDidStart');
          return { executionDidEnd: async (error) => void hooks.push(['executionDidEnd', error !== undefined]) };
        },
        didEncounterErrors: async ({ errors }) => void hooks.push(['didEncounterErrors', errors.length]),
        willSendResponse: async ({ response: { body, http } }) =>
          void hooks.push([
            'willSendResponse',
            http.status ?? 200,
            body.kind === 'single' && JSON.stringify(body.singleResult.data),
          ]),
      };
    },
  };
}
