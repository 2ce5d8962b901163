import type { FetchNode } from '../../planning/plan.ts';
import { type TraceContext, writeTraceparent } from '../../service/trace-context.ts';
import { GatewayError, subgraphFaults } from '../errors.ts';
import { beginFetch, type FetchRecord } from '../request-record.ts';
import type { Call, MadeOfHeaders } from '../upstream/request-text.ts';
import type { Reply } from '../upstream/response-reader.ts';
import type { Send } from '../upstream/send.ts';
import { UpstreamError } from '../upstream/upstream-error.ts';
import type { CallText } from './call-text.ts';
import { parseExact } from './exact-json.ts';
import { isObject, type Json } from './own.ts';

/** One GraphQL request to a subgraph: the fetch of a plan, with what one client request brings to it. */
export interface SubgraphRequest {
  /** The same for all requests: what is known of it is known by it. */
  readonly node: FetchNode;
  readonly callText: CallText;
  /** By the plan's names. */
  readonly variables: Json;
  /** JSON texts; `undefined` for fields of a root type. */
  readonly representations: readonly string[] | undefined;
}

/** A well-formed GraphQL response of a subgraph. */
export interface SubgraphResponse {
  /** `undefined` when the request was refused before execution. */
  readonly data: Json | null | undefined;
  readonly errors: readonly unknown[];
  readonly extensions?: unknown;
  /** As it came: what it may be kept by, and as what. */
  readonly reply?: Reply;
}

/** Asks a subgraph. @throws {GatewayError} `SUBGRAPH_…` when there is no GraphQL response */
export type Ask = (request: SubgraphRequest) => Promise<SubgraphResponse>;

/** Larger answers are given to whoever waits for them, and not kept for who asks later in the same request. In bytes. */
const MOST_KEPT = 262_144;

export interface AskOptions {
  /** The transport to a subgraph by name. */
  readonly send: (subgraph: string) => Send;
  /** Of the client's request; they go with every call. */
  readonly headers: Call['headers'];
  readonly signal: AbortSignal;
  /** For queries. What a mutation fetches must not have been asked for before it wrote. */
  readonly isShareable: boolean;
  /** Whether it may arrive twice; what is shareable may. */
  readonly isIdempotent?: boolean;
  /** What is asked for twice is sent twice when this was raised in between: by a purge, say. By default never. */
  readonly epoch?: () => number;
  /** Until when they may take, by `performance.now()`. */
  readonly deadline?: number;
  /** Called whenever a subgraph has answered, or failed to. */
  readonly onReply?: () => void;
  /** Where each fetch is noted, for who wants to know. */
  readonly fetches?: FetchRecord[] | undefined;
  /** Of the client's request, when its spans are kept: each fetch has one of its own, of which its subgraph is told. */
  readonly trace?: TraceContext | undefined;
}

/**
 * Binds one client request to the subgraphs. What one query asks for twice is sent once; each gets an answer of its own to
 * write into.
 */
export function createAsk(options: AskOptions): Ask {
  const { send, headers, signal, isShareable, isIdempotent = isShareable, epoch, deadline, onReply } = options;
  const { fetches, trace } = options;
  const sent = new Map<string, Promise<Reply>>();
  const allHeaders = { ...headers, ...CONTENT };
  const made: MadeOfHeaders = { headers: allHeaders };

  function sendTo(subgraph: string, body: string, record: FetchRecord | undefined): Promise<Reply> {
    return send(subgraph)({
      ...{ method: 'POST', ...headersOf(record), body, isShareable, isIdempotent, signal },
      ...(deadline !== undefined && { deadline }),
      ...(record !== undefined && { tries: record.tries }),
    });
  }

  function headersOf(record: FetchRecord | undefined): Pick<Call, 'headers' | 'made'> {
    if (trace === undefined || record?.spanId === undefined) return { headers: allHeaders, made };
    const own = { ...allHeaders, traceparent: writeTraceparent({ ...trace, spanId: record.spanId }) };
    return { headers: own, made: { headers: own } };
  }

  function note(node: FetchNode): FetchRecord | undefined {
    if (fetches === undefined) return undefined;
    const record = beginFetch(node.serviceName, node, trace);
    fetches.push(record);
    return record;
  }

  function sendOnce(subgraph: string, body: string, record: FetchRecord | undefined): Promise<Reply> {
    const key = `${epoch?.() ?? 0} ${subgraph} ${body}`;
    const known = sent.get(key);
    if (known !== undefined) return known;
    const reply = sendTo(subgraph, body, record);
    sent.set(key, reply);
    reply.then(
      ({ body }) => body.length > MOST_KEPT && sent.delete(key),
      () => undefined,
    );
    return reply;
  }

  return async ({ node, callText, variables, representations }) => {
    const { serviceName: subgraph } = node;
    const body = callText.write(variables, representations);
    const record = note(node);
    try {
      const reply = await (isShareable ? sendOnce(subgraph, body, record) : sendTo(subgraph, body, record));
      if (record !== undefined) record.bytes = reply.body.length;
      return readResponse(subgraph, reply);
    } catch (error) {
      const coded = error instanceof UpstreamError ? toGatewayError(subgraph, error) : error;
      if (record !== undefined) record.code = coded instanceof GatewayError ? coded.code : 'INTERNAL_SERVER_ERROR';
      throw publish(subgraph, coded);
    } finally {
      if (record !== undefined) record.ended = performance.now();
      onReply?.();
    }
  };
}

/** Whether the code of an error says that a subgraph failed. */
export function isSubgraphCode(code: unknown): boolean {
  return typeof code === 'string' && code.startsWith('SUBGRAPH_');
}

/** Whether a subgraph could not be asked, or gave no answer: not that the client has gone. */
export function isOfSubgraph(error: unknown): boolean {
  return error instanceof GatewayError && isSubgraphCode(error.code);
}

function toGatewayError(subgraph: string, error: UpstreamError): GatewayError {
  return new GatewayError(CODES[error.fault], explain(subgraph, error), { cause: error });
}

/** Tells whoever listens of a fault of a subgraph; that the client has gone is none. */
function publish(subgraph: string, error: unknown): unknown {
  if (error instanceof GatewayError && error.code !== 'REQUEST_CANCELLED' && subgraphFaults.hasSubscribers) {
    subgraphFaults.publish({ subgraph, code: error.code, message: error.message, cause: error.cause });
  }
  return error;
}

const CONTENT = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' };

const CODES = {
  unreachable: 'SUBGRAPH_UNREACHABLE',
  unsendable: 'SUBGRAPH_UNREACHABLE',
  timeout: 'SUBGRAPH_TIMEOUT',
  'too large': 'SUBGRAPH_RESPONSE_TOO_LARGE',
  cancelled: 'REQUEST_CANCELLED',
  'circuit open': 'SUBGRAPH_CIRCUIT_OPEN',
  overloaded: 'SUBGRAPH_OVERLOADED',
} as const;

function explain(subgraph: string, { fault }: UpstreamError): string {
  switch (fault) {
    case 'unreachable':
    case 'unsendable':
      return `Subgraph "${subgraph}" cannot be reached.`;
    case 'timeout':
      return `Subgraph "${subgraph}" did not answer in time.`;
    case 'too large':
      return `The answer of subgraph "${subgraph}" is too large.`;
    case 'cancelled':
      return 'The request was cancelled.';
    case 'circuit open':
      return `Subgraph "${subgraph}" has failed again and again, and is not asked for a moment.`;
    case 'overloaded':
      return `Too many calls wait for subgraph "${subgraph}" already.`;
  }
}

/**
 * A response counts by its content, whatever its status: GraphQL servers answer 200, 4xx or 5xx with a well-formed response
 * (GraphQL over HTTP, 6.4). Anything else is an error that names the subgraph and what came instead.
 */
function readResponse(subgraph: string, reply: Reply): SubgraphResponse {
  const { status, headers, body } = reply;
  const response = parseBody(body);
  if (isObject(response)) {
    const { data, errors, extensions } = response;
    const isData = isObject(data) || data === null || data === undefined;
    const isErrors = errors === undefined || errors === null || Array.isArray(errors);
    if (isData && isErrors && (data !== undefined || Array.isArray(errors))) {
      return { data, errors: Array.isArray(errors) ? errors : [], extensions, reply };
    }
  }
  const extensions = { status };
  if (status >= 400) {
    throw new GatewayError('SUBGRAPH_HTTP_ERROR', `Subgraph "${subgraph}" answered with HTTP status ${status}.`, {
      extensions,
    });
  }
  const type = String(headers['content-type'] ?? 'no content type');
  throw new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${subgraph}" answered something that is not a GraphQL response (${type}).`,
    { extensions },
  );
}

/** A byte order mark is passed over, as RFC 8259, 8.1 allows: HTTP clients at large do it, and some servers write one. */
export function parseBody(body: Buffer | string): unknown {
  try {
    if (typeof body === 'string') return parseExact(body);
    const isMarked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
    return parseExact(body.toString('utf8', isMarked ? 3 : 0));
  } catch {
    return undefined;
  }
}
