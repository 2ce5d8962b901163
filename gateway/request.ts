import type { Json } from './execution/own.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** The parameters of a GraphQL request (GraphQL over HTTP, 5.1), whatever protocol brought them. */
export interface GraphQLParams {
  readonly query: string;
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
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** The graph when the request came: a reload does not change it half-way. */
  readonly supergraph: Supergraph;
}

/** The headers that go to subgraphs, whatever else a client sends: what a sharing or cache key must hold is this list. */
const FORWARDED = ['authorization', 'traceparent', 'tracestate', 'accept-language'];

/** The names of all headers that travel on. @param forward what the configuration adds to the list, in any case */
export function forwardedNames(forward: readonly string[]): readonly string[] {
  return [...new Set([...FORWARDED, ...forward.map((name) => name.toLowerCase())])];
}

/** @param names see `forwardedNames` */
export function forwardedHeaders(headers: GatewayRequest['headers'], names: readonly string[]): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) forwarded[name] = value;
  }
  return forwarded;
}
