import type { Json } from './execution/own.ts';
import { TIMEOUT } from './header-name.ts';
import type { RequestRecord } from './request-record.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** The parameters of a GraphQL request (GraphQL over HTTP, 5.1), whatever protocol brought them. */
export interface GraphQLParams {
  /** `undefined` when there is a hash alone. */
  readonly query: string | undefined;
  /** Of the query text, or the id of a known operation, as Apollo's persisted queries have it. */
  readonly hash: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Json;
}

/** What one request carries through the pipeline. Rooms below are handed the parts they need, never this. */
export interface GatewayRequest {
  readonly id: string;
  readonly params: GraphQLParams;
  /** Who asks, as far as is known without a token: the address. Clients take turns by it. */
  readonly client: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Whether the protocol allows mutations: a GET does not (GraphQL over HTTP, 6.1). */
  readonly isReadOnly: boolean;
  /** Whether the text is the operator's own: no list of what clients may ask for is asked. */
  readonly isStored?: boolean;
  /** Whether it is for those alone who have said who asks. */
  readonly needsIdentity?: boolean;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Until when subgraphs are waited for, by `performance.now()`. */
  readonly deadline: number;
  /** What is noted of it, when somebody wants to know. */
  readonly record?: RequestRecord | undefined;
  /** The graph when the request came: a reload does not change it half-way. */
  readonly supergraph: Supergraph;
}

/** By what a client says who it is: a program, not a person. */
export const CLIENT_NAME = 'apollographql-client-name';
/** And which version of it. */
export const CLIENT_VERSION = 'apollographql-client-version';

/**
 * Until when subgraphs are waited for. @param now by `performance.now()`. @param mostMs however long a client would wait
 */
export function readDeadline(headers: GatewayRequest['headers'], now: number, mostMs: number): number {
  return now + Math.min(readTimeoutMs(headers) ?? mostMs, mostMs);
}

/** How long a client would wait, in milliseconds; `undefined` when it does not say. */
export function readTimeoutMs(headers: GatewayRequest['headers']): number | undefined {
  const said = headers[TIMEOUT];
  return said !== undefined && /^\d{1,9}$/.test(said) ? Number(said) : undefined;
}

/** The headers of a client that go to subgraphs, whatever else it sends. What says who asks, the guard adds. */
const FORWARDED = ['traceparent', 'tracestate', 'accept-language'];

/** The names of all headers that travel on. @param forward what the configuration adds to the list, in any case */
export function forwardedNames(forward: readonly string[]): readonly string[] {
  return [...new Set([...FORWARDED, ...forward.map((name) => name.toLowerCase())])];
}

/** Those that a client names in `connection` end here (RFC 9110, 7.6.1). @param names see `forwardedNames` */
export function forwardedHeaders(headers: GatewayRequest['headers'], names: readonly string[]): Record<string, string> {
  const forwarded: Record<string, string> = {};
  const { connection } = headers;
  const ending = connection === undefined || CONNECTIONS.has(connection) ? NONE : toNames(connection);
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined && !ending.has(name)) forwarded[name] = value;
  }
  return forwarded;
}

/** What clients say as a rule, about the connection alone. */
const CONNECTIONS: ReadonlySet<string> = new Set(['keep-alive', 'close']);
const NONE: ReadonlySet<string> = new Set();

function toNames(connection: string): ReadonlySet<string> {
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
