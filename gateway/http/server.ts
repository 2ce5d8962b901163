import { isAscii } from 'node:buffer';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createServer, drainConnections, listen } from '../../service/http-server.ts';
import type { Log } from '../../service/logs.ts';
import type { Drainable } from '../../service/run.ts';
import { endRecord } from '../ended-requests.ts';
import { ERRORS, GatewayError } from '../errors.ts';
import type { BoundAddress } from '../guard/address-bound.ts';
import type { ReadClientAddress } from '../guard/client-address.ts';
import { preventCsrf } from '../guard/csrf.ts';
import type { HttpConfig } from '../http-config.ts';
import type { Handle } from '../pipeline.ts';
import { type GatewayRequest, readDeadline } from '../request.ts';
import type { BeginRecord, ReadTrace, RequestRecord } from '../request-record.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { answerBatch } from './batch.ts';
import { beginRecord } from './begin-record.ts';
import { createOnClientError } from './client-error.ts';
import { allowOrigins } from './cors.ts';
import { isExplorerRequest, serveExplorer } from './explorer.ts';
import { readParams, readRequest } from './params.ts';
import { type HttpAnswer, type MediaType, negotiate, respond, respondToError } from './respond.ts';
import { addSecurityHeaders } from './security-headers.ts';

export interface HttpServerOptions
  extends Pick<
    HttpConfig,
    'host' | 'port' | 'bodyLimitBytes' | 'csrfPrevention' | 'cors' | 'hsts' | 'maxBatchLength' | 'drainMs'
  > {
  readonly explorer: boolean;
  readonly clientAddress: ReadClientAddress;
  readonly boundAddress: BoundAddress | undefined;
  readonly besides: readonly Besides[];
  readonly handle: Handle;
  /** How long subgraphs may take for one operation, in milliseconds. */
  readonly operationTimeoutMs: number;
  /** Names of the headers that can change an answer, for the `vary` header. */
  readonly vary: string;
  readonly currentSupergraph: () => Supergraph;
  /** Tells of which trace a request is part; `undefined` when nothing is traced. */
  readonly readTrace?: ReadTrace | undefined;
  readonly log: Log;
}

/** What else is served here than GraphQL. */
export interface Besides {
  /** Which it takes: pages of other origins may use them. */
  readonly methods: readonly string[];
  /** Adds it, before anything is looked at that a request says: who takes over a request altogether can do so. */
  add(app: FastifyInstance, tools: HttpTools): void;
  /** Whether a stop waits for what is still to come on a connection. */
  isStreaming?(socket: Socket): boolean;
}

/** What whoever adds routes reads requests with. */
export interface HttpTools {
  /** Begins to note a request, when somebody wants to know. */
  readonly beginRecord: BeginRecord;
  readonly readIncoming: (request: FastifyRequest, reply: FastifyReply) => Incoming;
  /** What is not a coded error is logged whole, and masked. */
  readonly toCoded: (error: unknown, requestId: string) => GatewayError;
}

/** What every protocol reads of a request. */
type Incoming = Pick<GatewayRequest, 'id' | 'client' | 'headers' | 'signal' | 'deadline'>;

export interface HttpServer extends Drainable {
  /** `http://host:port` */
  readonly url: string;
}

/** Serves GraphQL over HTTP at `/graphql`: bytes in, bytes out. Closing it answers what has begun, then stops. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, bodyLimitBytes, cors, hsts, explorer, boundAddress, besides, log } = options;
  const isHeld = (socket: Socket) => besides.some((one) => one.isStreaming?.(socket));
  const toErrorAnswer = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const record = beginRecord(
      request,
      request.routeOptions.url === '/graphql' ? 'graphql' : 'rest',
      options.readTrace,
    );
    return send(reply, noted(record, toAnswer(error, mediaTypeOr(request), request.id, options, record)));
  };
  const app = createServer({
    ...{ log, bodyLimitBytes, isHeld },
    onClientError: createOnClientError(isHeld),
    onUnreadable: toErrorAnswer,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(toErrorAnswer);
  app.setNotFoundHandler((request, reply) => {
    if (explorer && request.url === '/' && isExplorerRequest(request)) return reply.redirect('/graphql');
    return send(
      reply,
      respondToError(
        new GatewayError('NOT_FOUND', 'There is nothing here; GraphQL is at /graphql.'),
        'application/json',
      ),
    );
  });
  addSecurityHeaders(app, hsts);
  await allowOrigins(
    app,
    cors,
    besides.flatMap(({ methods }) => methods),
  );
  const tools: HttpTools = {
    beginRecord: (request, protocol) => beginRecord(request, protocol, options.readTrace),
    readIncoming: (request, reply) => readIncoming(request, reply, options),
    toCoded: (error, requestId) => toCoded(error, requestId, options),
  };
  for (const one of besides) one.add(app, tools);
  // Before its body is read, whatever it asks for; behind what says how a refusal may be read.
  if (boundAddress !== undefined)
    app.addHook('onRequest', async (request) => boundAddress(addressOf(request, options)));
  if (explorer) await serveExplorer(app);

  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    handler: async (request, reply) => {
      if (explorer && isExplorerRequest(request)) return reply.redirect('/graphql/explorer');
      return send(reply, await answer(request, reply, options));
    },
  });

  const url = await listen(app, { host, port, option: 'GATEWAY_HTTP_PORT' });
  return { url, drain: () => drainConnections(app, options.drainMs), close: () => app.close() };
}

async function answer(request: FastifyRequest, reply: FastifyReply, options: HttpServerOptions): Promise<HttpAnswer> {
  const mediaType = negotiate(request.headers.accept);
  const { id, method, url } = request;
  const { handle, vary, maxBatchLength } = options;
  const begin = () => beginRecord(request, 'graphql', options.readTrace);
  const first = begin();
  try {
    const incoming = readIncoming(request, reply, options);
    const { headers } = incoming;
    const body = request.body instanceof Buffer ? request.body : undefined;
    const { 'content-type': contentType, 'content-encoding': contentEncoding } = headers;
    const read = readRequest({ method, url, contentType, contentEncoding, body });
    const isGet = method === 'GET';
    const shared = { ...incoming, isReadOnly: isGet };
    const conditions = { mediaType, isGet, ifNoneMatch: headers['if-none-match'], vary };
    const answerOne = async (value: unknown, record: RequestRecord | undefined): Promise<HttpAnswer> => {
      try {
        const params = readParams(value);
        const supergraph = options.currentSupergraph();
        return noted(record, respond(await handle({ ...shared, params, supergraph, record }), conditions));
      } catch (error) {
        return noted(record, toAnswer(error, mediaType, id, options, record));
      }
    };
    // Each operation of a batch has a record of its own.
    if (Array.isArray(read)) return await answerBatch(read, maxBatchLength, (value) => answerOne(value, begin()));
    return await answerOne(read, first);
  } catch (error) {
    return noted(first, toAnswer(error, mediaType, id, options, first));
  }
}

function noted(record: RequestRecord | undefined, answer: HttpAnswer): HttpAnswer {
  if (record !== undefined) endRecord(record, answer.status, answer.body.length);
  return answer;
}

/** @throws {GatewayError} for what any web page could have sent, and must not */
function readIncoming(request: FastifyRequest, reply: FastifyReply, options: HttpServerOptions): Incoming {
  const headers = toHeaders(request);
  // Of routes beside GraphQL a GET only reads, and its answer is shown to no other site; before all but POST browsers ask whether they may.
  const isSafe = request.method !== 'POST' && request.routeOptions.url !== '/graphql';
  if (options.csrfPrevention && !isSafe) preventCsrf(headers);
  return {
    id: request.id,
    client: addressOf(request, options),
    headers,
    signal: signalOf(reply),
    deadline: readDeadline(headers, performance.now(), options.operationTimeoutMs),
  };
}

function addressOf({ raw, headers }: FastifyRequest, { clientAddress }: HttpServerOptions): string {
  const forwardedFor = headers['x-forwarded-for'];
  return clientAddress(raw.socket.remoteAddress, Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor);
}

/** Aborted when the client goes away before its answer: what it asked for need not be fetched any more. */
function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function toAnswer(
  error: unknown,
  mediaType: MediaType,
  requestId: string,
  options: HttpServerOptions,
  record: RequestRecord | undefined,
): HttpAnswer {
  const coded = toCoded(error, requestId, options);
  if (record !== undefined) record.codes = [coded.code];
  return respondToError(coded, mediaType);
}

/** What is not a coded error is a fault of ours: logged whole, shown masked. */
function toCoded(error: unknown, requestId: string, { bodyLimitBytes, log }: HttpServerOptions): GatewayError {
  if (error instanceof GatewayError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(bodyLimitBytes);
  if (statusCode === ERRORS.UNSUPPORTED_MEDIA_TYPE.status)
    return new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'The content-type is not a media type; send application/json.');
  if (statusCode !== undefined && statusCode < 500) {
    return new GatewayError('BAD_REQUEST', error instanceof Error ? error.message : 'The request is not valid.');
  }
  log.error({ err: error, requestId }, 'a request failed by a fault of the gateway');
  return new GatewayError('INTERNAL_SERVER_ERROR', 'Internal server error.', { extensions: { requestId } });
}

function bodyTooLarge(bound: number): GatewayError {
  const limit = 'http.bodyLimitBytes';
  return new GatewayError(
    'BODY_TOO_LARGE',
    `The body is too large for the limit ${limit}: allowed are ${bound} bytes.`,
    {
      extensions: { limit, bound },
    },
  );
}

function mediaTypeOr(request: FastifyRequest): MediaType {
  try {
    return negotiate(request.headers.accept);
  } catch {
    return 'application/json';
  }
}

function send(reply: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply {
  // Whoever looked before may have said what it depends on: CORS, that it is the origin.
  const before = reply.getHeader('vary');
  const all = before === undefined ? headers : { ...headers, vary: `${before}, ${headers.vary}` };
  return reply
    .code(status)
    .headers(all)
    .send(status === 304 ? undefined : toWritable(body));
}

/** Longer bodies are not worth being copied. In bytes. */
const SHORT = 8_000;

/**
 * A short text goes out in one write with its head, and two things in a list of them: of an answer from the cache that is a twentieth of the
 * whole request (RESULTS.md).
 */
function toWritable(body: string | Buffer): string | Buffer {
  return typeof body !== 'string' && body.length <= SHORT && isAscii(body) ? body.toString('latin1') : body;
}

/** A repeated header counts as one with its values joined (RFC 9110, 5.3). Node has joined all but a few already. */
function toHeaders({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  for (const name in headers) if (Array.isArray(headers[name])) return joinRepeated(headers);
  return headers as Record<string, string | undefined>;
}

function joinRepeated(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
