import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';

/**
 * What clients see of a supergraph: without federation's own elements and without what is `@inaccessible`. A graph of two thousand
 * types takes a second or more: in a thread of its own, where others wait for this one.
 *
 * The supergraph is taken for well-formed, as `compose` makes it, because checking that takes most of the time; that what is left
 * is a schema (nothing refers to what is hidden) is checked.
 *
 * @throws {GraphQLError | AggregateError} when it is no supergraph, or what is left is no schema
 */
export function toApiSchema(supergraphSdl: string): GraphQLSchema {
  const supergraph = Supergraph.build(supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    validateSupergraph: false,
  });
  return supergraph.apiSchema().toGraphQLJSSchema();
}
