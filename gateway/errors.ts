import { channel } from 'node:diagnostics_channel';

/**
 * Everything that the gateway itself refuses or misses, in one table: `docs/errors.md` is made from it. Errors of
 * subgraphs keep the codes that the subgraphs gave them.
 */
export const ERRORS = {
  BAD_REQUEST: {
    status: 400,
    meaning:
      'The HTTP request is not a GraphQL request: malformed JSON, no query, or parameters of the wrong kind. Of a route: a path that servers read differently (`..`, encoded slashes), or a body that is framed in two ways.',
  },
  BODY_TOO_LARGE: { status: 413, meaning: 'The body is larger than `http.bodyLimitBytes`.' },
  CSRF_PREVENTED: {
    status: 400,
    meaning:
      'The request could have been sent by any web page without the browser asking first. Send `content-type: application/json`, or a header `apollo-require-preflight`. Of a route: it has a token in a cookie, and was sent by a page of another origin.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'There is nothing at this path; GraphQL is at `/graphql`, and `routes` say what else there is.',
  },
  REQUEST_TIMEOUT: { status: 408, meaning: 'The request, or the next piece of its body, did not come in time.' },
  HEADERS_TOO_LARGE: { status: 431, meaning: 'The headers are larger than 16 KiB together, or more than 1,000.' },
  NOT_READY: {
    status: 503,
    meaning: 'Of the admin server: the gateway serves no graph yet, or no more; `/ready` says why.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'GraphQL is answered on POST, and on GET for queries; a route by its `methods`, which `allow` names.',
  },
  NOT_ACCEPTABLE: { status: 406, meaning: 'The `accept` header names no type that a GraphQL response can have.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body must be `application/json` in UTF-8, and not compressed.' },
  UNAUTHENTICATED: {
    status: 401,
    meaning:
      'There is a token or an API key, and it is not valid; the message says why, and `extensions.reason` in a word or two. Or there is none, and the route `requires` one.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The caller is known, and lacks scopes that the route `requires`; `www-authenticate` names them.',
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    meaning:
      "The token cannot be checked now: the issuer's keys cannot be fetched, or what was revoked cannot be looked up. `retry-after` says when to try again.",
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    meaning: 'No text is kept for this hash. The client sends both together next; those of Apollo do so by themselves.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    meaning: 'Automatic persisted queries are off (`persisted.apq.isEnabled`): the client sends the text alone.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 404,
    meaning: 'No operation of the manifest (`persisted.safelist.manifest`) has this id, or not for this client.',
  },
  PERSISTED_QUERY_ID_REQUIRED: {
    status: 400,
    meaning: 'Only ids of known operations are taken, no query texts (`persisted.safelist.mode: only-known-ids`).',
  },
  QUERY_NOT_IN_SAFELIST: {
    status: 403,
    meaning:
      'The operation is not in the manifest, and only known ones are answered (`persisted.safelist.mode: only-known`).',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 403,
    meaning:
      'The caller may not have this field; the message says what it needs. The field is null in an answer with status 200, or with `authorization.unauthorized: refuse` the whole operation is refused.',
  },
  POLICIES_UNAVAILABLE: {
    status: 503,
    meaning: 'Whether the caller may have a field cannot be found out: the policy module failed. The log has it whole.',
  },
  GRAPHQL_PARSE_FAILED: { status: 400, meaning: 'The query text is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, meaning: 'The query does not fit the schema.' },
  OPERATION_LIMIT_EXCEEDED: {
    status: 400,
    meaning: 'The query exceeds a limit; the message names limit, value and bound.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    meaning: 'The document has several operations and none is named, or the named one is not there.',
  },
  OPERATION_NOT_SUPPORTED: {
    status: 400,
    meaning: 'The operation uses something that this gateway does not serve yet, such as subscriptions.',
  },
  OVERLOADED: {
    status: 503,
    meaning:
      'More new operations wait to be planned than `planning.queueLength`, most of them of this client, or one waited for longer than `planning.queueTimeoutMs`. `retry-after` says when to try again; operations that are known are answered all the while.',
  },
  TOO_MANY_CONCURRENT_REQUESTS: {
    status: 429,
    meaning:
      'More requests of this client are under way than `http.maxConcurrentRequests`. It waits for answers before it asks for more.',
  },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    meaning: 'The operation is estimated to cost more than `cost.maxCost`; the message names estimate and bound.',
  },
  SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    meaning: 'What the operation asks of a subgraph is estimated to cost more than `cost.subgraph.NAME.maxCost`.',
  },
  SLICING_ARGUMENT_REQUIRED: {
    status: 400,
    meaning:
      'A field that needs exactly one of its slicing arguments (`@listSize`) has none of them, or several; the message names them.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning:
      'The client has asked for more than a rate limit allows. `extensions` has the rule, its limit and window, and `retryAfterS`, as `retry-after` does; see guard.md.',
  },
  RATE_LIMIT_UNAVAILABLE: {
    status: 503,
    meaning:
      'Redis is away, and the rate limits of this client say to let nothing through then (`onStoreFailure: closed`).',
  },
  BAD_USER_INPUT: { status: 400, meaning: 'A variable is missing or does not have the declared type.' },
  NOT_CACHED: {
    status: 504,
    meaning: 'The client asked with `cache-control: only-if-cached`, and nothing that is kept may answer it.',
  },
  SUBGRAPH_UNREACHABLE: {
    status: 502,
    meaning: 'No connection to the subgraph, or it broke before the answer was complete.',
  },
  SUBGRAPH_TIMEOUT: { status: 504, meaning: 'The subgraph did not answer within its `timeoutMs`.' },
  SUBGRAPH_CIRCUIT_OPEN: {
    status: 503,
    meaning:
      'The subgraph has failed so often in a row that it is not asked for a moment (`upstreamDefaults.breaker`); it is tried again by itself.',
  },
  SUBGRAPH_OVERLOADED: {
    status: 503,
    meaning: 'More calls to the subgraph wait for a connection than `upstreamDefaults.maxQueued`.',
  },
  SUBGRAPH_HTTP_ERROR: {
    status: 502,
    meaning: 'The subgraph answered with an HTTP status other than success and without a GraphQL response.',
  },
  SUBGRAPH_INVALID_RESPONSE: {
    status: 502,
    meaning: 'The subgraph answered something that is not a GraphQL response.',
  },
  SUBGRAPH_RESPONSE_TOO_LARGE: {
    status: 502,
    meaning: 'The answer of the subgraph is larger than `upstreamDefaults.responseLimitBytes`.',
  },
  SUBGRAPH_ERROR: { status: 200, meaning: 'The subgraph answered with an error that has no code of its own.' },
  INVALID_VALUE: { status: 200, meaning: 'A subgraph answered a value that its schema does not allow there.' },
  UPSTREAM_UNREACHABLE: {
    status: 502,
    meaning: 'Of a route: no connection to its upstream, or it broke before an answer began.',
  },
  UPSTREAM_INVALID_RESPONSE: { status: 502, meaning: 'Of a route: the upstream answered what cannot be passed on.' },
  UPSTREAM_TIMEOUT: { status: 504, meaning: 'Of a route: its upstream did not begin to answer within `timeoutMs`.' },
  UPSTREAM_CIRCUIT_OPEN: {
    status: 503,
    meaning:
      'Of a route: its upstream has failed so often in a row that it is not asked for a moment (`upstreamDefaults.breaker`); it is tried again by itself.',
  },
  UPSTREAM_OVERLOADED: {
    status: 503,
    meaning: 'Of a route: more requests to its upstream wait for a connection than `upstreamDefaults.maxQueued`.',
  },
  REQUEST_CANCELLED: { status: 499, meaning: 'The client went away before the answer.' },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault of the gateway. The log has it whole, under the id of the request.',
  },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface GatewayErrorOptions extends ErrorOptions {
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Anything a request can provoke that the gateway answers with a code. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  /** Shown to the client beside the code. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Sent with it over HTTP; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** What is published on `subgraphFaults` when a subgraph gives no GraphQL response. */
export interface SubgraphFault {
  readonly subgraph: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** What happened below: `connect ECONNREFUSED …`. */
  readonly cause: unknown;
}

/** For those who count and log; see `telemetry/`. */
export const subgraphFaults = channel('gateway:subgraph-fault');
