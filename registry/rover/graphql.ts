import type { IncomingMessage } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Running } from '../../service/run.ts';
import { RegistryError } from '../errors.ts';
import { inMegabytes, schemaTooLarge } from '../publication/check-schema.ts';
import { type Context, identify, type Rooms } from './context.ts';
import { shapeReplies } from './reply-shape.ts';
import { REQUEST_BOUNDS, RequestBoundsRule } from './request-bounds.ts';
import { resolvers } from './resolvers.ts';
import { createErrorFormat } from './show-error.ts';
import { readTypeDefinitions } from './type-definitions.ts';

/**
 * Serves rover's GraphQL at `/` and `/graphql`. The key may come as `x-api-key` or as a bearer token, or stand behind a session of the
 * console; one that is not known is no error until something is asked that needs one.
 */
export async function serveGraphql(app: FastifyInstance, rooms: Rooms): Promise<Running> {
  const apollo = new ApolloServer<Context>({
    typeDefs: readTypeDefinitions(),
    resolvers: [...resolvers],
    plugins: [
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // Its variables are rover's too (APOLLO_KEY): with one in the environment it would report to its vendor.
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      shapeReplies(rooms.frontendUrl),
    ],
    parseOptions: { maxTokens: REQUEST_BOUNDS.tokens },
    validationRules: [RequestBoundsRule],
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: rooms.log,
    formatError: createErrorFormat(rooms.log),
  });
  await apollo.start();
  const handler = fastifyApolloHandler(apollo, { context: (request) => createContext(rooms, request) });
  const onRequest = (request: FastifyRequest, reply: FastifyReply) => refuseLargeOfNobody(rooms, request, reply);
  const errorHandler = createTooLargeAnswer(rooms.schemaLimitBytes);
  for (const url of ['/', '/graphql']) app.route({ url, method: 'POST', onRequest, handler, errorHandler });
  return { close: () => apollo.stop() };
}

/** Never rejects, which would be status 500: that the key cannot be looked up is told by whatever needs to know whose it is. */
async function createContext(rooms: Rooms, request: FastifyRequest): Promise<Context> {
  const [outcome] = await Promise.allSettled([identify(rooms, request)]);
  const asking = {
    get principal() {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    },
  };
  // In the prototype: Apollo Server copies what a context has of its own, and would read it.
  return Object.assign(Object.create(asking) as typeof asking, rooms);
}

/** Of a body that is too large, at most so much is taken before it is answered. In bytes. */
const MOST_DRAINED = 100_000_000;

/** Rover would send a request that was refused with 413 again for half a minute, and then tell nothing of it. */
function createTooLargeAnswer(schemaLimitBytes: number) {
  return async (error: FastifyError, { raw }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
    await drain(raw);
    await refuse(reply, schemaTooLarge(describeSize(raw), schemaLimitBytes));
  };
}

/** One that is sent in pieces does not say how large it is. */
function describeSize({ headers }: IncomingMessage): string {
  const { 'content-length': length } = headers;
  return length === undefined
    ? 'The request is larger than any schema'
    : `The request has ${inMegabytes(Number(length))}`;
}

/** Who is still sending when it is answered finds the connection closed, and may find that first. The server bounds how long it takes. */
function drain(request: IncomingMessage): Promise<void> {
  if (request.complete) return Promise.resolve();
  return new Promise((resolve) => {
    let drained = 0;
    request.on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained > MOST_DRAINED) resolve();
    });
    request.once('close', resolve).once('end', resolve).resume();
  });
}

/** What may be asked without a key is short, and a schema is not. */
const MOST_OF_NOBODY_BYTES = 100_000;

/** Before the body is read: whoever has no key could have the registry hold many large ones. */
async function refuseLargeOfNobody(rooms: Rooms, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { 'content-length': length = Number.POSITIVE_INFINITY } = request.headers;
  if (Number(length) <= MOST_OF_NOBODY_BYTES) return;
  try {
    if ((await identify(rooms, request)) === undefined) throw new RegistryError('KEY_INVALID');
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    await refuse(reply, error);
  }
}

function refuse(reply: FastifyReply, { code, message }: RegistryError): FastifyReply {
  const extensions = { code, response: { body: { errors: [{ message }] } } };
  return reply.code(200).send({ data: { graph: null }, errors: [{ message, extensions }] });
}
