/** What clients of Uplink ask, written by hand after what they were seen to send. */

const RESULT_TAIL = `
  ... on Unchanged { id minDelaySeconds }
  ... on FetchError { code message }
`;

/** Apollo's gateway, 2.14: no operation name beside it, an alias, a comment first, and nothing of `Unchanged`. */
export const STOCK_DOCUMENT = `#graphql
  query SupergraphSdl($apiKey: String!, $ref: String!, $ifAfterId: ID) {
    routerConfig(ref: $ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
      __typename
      ... on RouterConfigResult { id supergraphSdl: supergraphSDL minDelaySeconds }
      ... on FetchError { code message }
    }
  }
`;

/** Apollo Router, 2.x: three streams, each with an id of its own. */
export const ROUTER_DOCUMENTS = {
  SupergraphSdlQuery: `query SupergraphSdlQuery($apiKey: String!, $graph_ref: String!, $ifAfterId: ID) {
    routerConfig(ref: $graph_ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
      __typename
      ... on RouterConfigResult { id supergraphSdl: supergraphSDL minDelaySeconds }
      ${RESULT_TAIL}
    }
  }`,
  LicenseQuery: `query LicenseQuery($apiKey: String!, $graph_ref: String!, $ifAfterId: ID) {
    routerEntitlements(ifAfterId: $ifAfterId, apiKey: $apiKey, ref: $graph_ref) {
      __typename
      ... on RouterEntitlementsResult { id minDelaySeconds entitlement { jwt } }
      ${RESULT_TAIL}
    }
  }`,
  PersistedQueriesManifestQuery: `query PersistedQueriesManifestQuery($apiKey: String!, $graph_ref: String!, $ifAfterId: ID) {
    persistedQueries(ref: $graph_ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
      __typename
      ... on PersistedQueriesResult { id minDelaySeconds chunks { id urls } }
      ${RESULT_TAIL}
    }
  }`,
};
