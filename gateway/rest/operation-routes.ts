import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { endRecord } from '../ended-requests.ts';
import { GatewayError } from '../errors.ts';
import type { Handle } from '../pipeline.ts';
import type { GatewayRequest } from '../request.ts';
import type { BeginRecord } from '../request-record.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readVariables } from './parameters.ts';
import { type RestConditions, toRestAnswer, toRestError } from './rest-answer.ts';
import type { StoredOperation } from './stored-operation.ts';

/** What every protocol reads of a request. */
export type Incoming = Pick<GatewayRequest, 'id' | 'client' | 'headers' | 'signal' | 'deadline'>;

export interface OperationRoutesOptions {
  readonly operations: readonly StoredOperation[];
  readonly handle: Handle;
  readonly currentSupergraph: () => Supergraph;
  /** Names of the headers that can change an answer, for the `vary` header. */
  readonly vary: string;
  /** Names of the headers in which clients show who they are. */
  readonly credentials: readonly string[];
  readonly readIncoming: (request: FastifyRequest, reply: FastifyReply) => Incoming;
  /** What is not a coded error is logged whole, and masked. */
  readonly toCoded: (error: unknown, requestId: string) => GatewayError;
  readonly beginRecord: BeginRecord;
}

/** Serves routes that stored operations answer. They come through the same pipeline as any client's operation. */
export function serveOperations(app: FastifyInstance, options: OperationRoutesOptions): void {
  for (const operation of options.operations) {
    app.route({
      method: operation.method,
      url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => answer(operation, request, reply, options),
    });
  }
}

async function answer(
  operation: StoredOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  options: OperationRoutesOptions,
): Promise<FastifyReply> {
  const { handle, currentSupergraph, vary, readIncoming, toCoded } = options;
  const record = options.beginRecord(request, 'rest');
  const { needsIdentity } = operation;
  const isGet = operation.method === 'GET';
  const conditions: RestConditions = {
    isGet,
    vary,
    ifNoneMatch: request.headers['if-none-match'],
    isIdentified: options.credentials.some((name) => request.headers[name] !== undefined),
  };
  const answered = await (async () => {
    try {
      const incoming = readIncoming(request, reply);
      const supergraph = currentSupergraph();
      const variables = readVariables(
        operation,
        {
          path: request.params as Record<string, string>,
          query: new URL(request.url, 'http://localhost').searchParams,
          body: isGet ? undefined : readBody(request),
        },
        supergraph.apiSchema,
      );
      const params = { query: operation.text, hash: undefined, operationName: operation.name, variables };
      const answer = await handle({
        ...incoming,
        params,
        isReadOnly: isGet,
        isStored: true,
        needsIdentity,
        supergraph,
        record,
      });
      return toRestAnswer(answer, operation, conditions);
    } catch (error) {
      const coded = toCoded(error, request.id);
      if (record !== undefined) record.codes = [coded.code];
      return toRestError(coded, conditions);
    }
  })();
  if (record !== undefined) endRecord(record, answered.status, answered.body.length);
  // Whoever looked before may have said what it depends on: CORS, that it is the origin.
  const before = reply.getHeader('vary');
  const all = [before, answered.headers.vary].filter((each) => each !== undefined).join(', ');
  return reply
    .code(answered.status)
    .headers({ ...answered.headers, ...(all !== '' && { vary: all }) })
    .send(answered.status === 304 ? undefined : answered.body);
}

/** @throws {GatewayError} for what is not JSON */
function readBody({ body, headers }: FastifyRequest): unknown {
  if (!(body instanceof Buffer) || body.length === 0) return undefined;
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.');
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new GatewayError('BAD_REQUEST', 'The body is not JSON.');
  }
}
