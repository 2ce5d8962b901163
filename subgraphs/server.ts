import { readFileSync } from 'node:fs';
import { ApolloServer, type BaseContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, parse } from 'graphql';
import { createServer, listen } from '../service/http-server.ts';
import { type HttpTelemetryConfig, openHttpTelemetry } from '../service/http-telemetry.ts';
import type { Identity } from '../service/identity.ts';
import type { Log } from '../service/logs.ts';
import type { Running } from '../service/run.ts';
import { TokenError, type VerifyToken } from '../service/tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route looks at `authorization` itself, because something other than a bearer token belongs there. */
    readonly ownAuthentication?: boolean;
  }
}

/** Who calls a subgraph, by a token that the subgraph verified itself; `undefined` for an anonymous caller. */
export interface Caller {
  readonly identity: Identity | undefined;
}

/** A schema and its resolvers, ready to be served as a federated service. */
export interface Subgraph<Context extends BaseContext> {
  readonly name: string;
  /** The file `schema.graphql`. */
  readonly schema: URL;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
  /** Made anew for each request: data loaders must not outlive it. */
  readonly context: (caller: Caller) => Context;
  /** Adds the service's REST resources. `callerOf` is the verified caller of a request. */
  readonly rest?: (app: FastifyInstance, callerOf: (request: FastifyRequest) => Caller) => void;
  /** Resolves when the service can do its work. */
  readonly ready: () => Promise<void>;
  readonly verifyToken: VerifyToken;
}

export interface ServedSubgraph extends Running {
  /** `http://host:port`, with the port that was found free when 0 was asked for. */
  readonly url: string;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** What is told of requests. */
  readonly telemetry: HttpTelemetryConfig;
  readonly log: Log;
}

/**
 * Serves a subgraph: GraphQL at `/graphql`, its REST resources, `/metrics` (for Prometheus), and `/health` (the process lives) and
 * `/ready` (it can do its work). A request with a token that is not valid is refused with 401 before anything else looks at it.
 */
export async function serveSubgraph<Context extends BaseContext>(
  subgraph: Subgraph<Context>,
  { host, port, telemetry, log }: ServeOptions,
): Promise<ServedSubgraph> {
  const app = createServer({ log, bodyLimitBytes: 5_000_000 });
  const telling = await openHttpTelemetry(app, telemetry, { service: subgraph.name, log });
  const callers = new WeakMap<FastifyRequest, Caller>();
  const callerOf = (request: FastifyRequest) => callers.get(request) ?? { identity: undefined };

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.ownAuthentication === true) return;
    const refusal = await identify(request, subgraph.verifyToken, callers);
    if (refusal !== undefined) await refuse(reply, refusal);
  });

  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    try {
      await subgraph.ready();
      return { status: 'ready' };
    } catch (error) {
      log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'not ready' });
    }
  });
  subgraph.rest?.(app, callerOf);

  const apollo = new ApolloServer<Context>({
    schema: buildSubgraphSchema([
      { typeDefs: parse(readFileSync(subgraph.schema, 'utf8')), resolvers: subgraph.resolvers },
    ]),
    plugins: [
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // With rover's APOLLO_KEY and APOLLO_GRAPH_REF in the environment it would report to its vendor.
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: (formatted, error) => mask(formatted, error, log),
  });
  await apollo.start();
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, { context: async (request) => subgraph.context(callerOf(request)) }),
  });

  const url = await listen(app, { host, port, option: `${subgraph.name.toUpperCase()}_HTTP_PORT` });
  log.info({ url }, `${subgraph.name} is serving`);
  return {
    url,
    close: async () => {
      await apollo.stop();
      await app.close();
      await telling.close();
    },
  };
}

async function identify(
  request: FastifyRequest,
  verifyToken: VerifyToken,
  callers: WeakMap<FastifyRequest, Caller>,
): Promise<TokenError | undefined> {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) return new TokenError('malformed');
  try {
    callers.set(request, { identity: await verifyToken(token) });
    return undefined;
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
}

async function refuse(reply: FastifyReply, error: TokenError): Promise<void> {
  const unavailable = error.fault === 'keys unavailable';
  if (!unavailable)
    reply.header('www-authenticate', `Bearer error="invalid_token", error_description="${error.message}"`);
  await reply.code(unavailable ? 503 : 401).send({
    errors: [{ message: error.message, extensions: { code: unavailable ? 'KEYS_UNAVAILABLE' : 'UNAUTHENTICATED' } }],
  });
}

/** A coded error was meant for the caller; any other throw is a bug: logged whole, shown masked. */
function mask(
  formatted: { message: string; extensions?: Record<string, unknown> },
  error: unknown,
  log: Log,
): typeof formatted {
  const original = unwrapResolverError(error);
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR' || original instanceof GraphQLError) return formatted;
  log.error({ err: original }, 'a resolver failed');
  return { ...formatted, message: 'Internal server error' };
}
