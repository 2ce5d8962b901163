import { buildSchema } from 'graphql';

/** What Uplink answers, as Apollo's gateway and router ask it. The names and what may be null are theirs. */
export const uplinkSchema = buildSchema(`
  type Query {
    "The supergraph of a variant."
    routerConfig(ref: String!, apiKey: String!, ifAfterId: ID): RouterConfigResponse!
    "The licence of a router. There is none: a router then has what is free."
    routerEntitlements(ref: String!, apiKey: String!, ifAfterId: ID): RouterEntitlementsResponse!
    "The operations of the persisted query list that the variant serves."
    persistedQueries(ref: String!, apiKey: String!, ifAfterId: ID): PersistedQueriesResponse!
  }

  union RouterConfigResponse = RouterConfigResult | Unchanged | FetchError
  union RouterEntitlementsResponse = RouterEntitlementsResult | Unchanged | FetchError
  union PersistedQueriesResponse = PersistedQueriesResult | Unchanged | FetchError

  type RouterConfigResult {
    id: ID!
    supergraphSDL: String!
    messages: [Message!]!
    minDelaySeconds: Float!
  }
  type RouterEntitlementsResult {
    id: ID!
    entitlement: RouterEntitlement
    minDelaySeconds: Float!
  }
  type RouterEntitlement {
    jwt: String!
  }
  type PersistedQueriesResult {
    id: ID!
    chunks: [PersistedQueriesResultChunk!]
    minDelaySeconds: Float!
  }
  type PersistedQueriesResultChunk {
    id: ID!
    urls: [String!]!
  }
  type Unchanged {
    id: ID!
    minDelaySeconds: Float!
  }
  type FetchError {
    code: FetchErrorCode!
    message: String!
    minDelaySeconds: Float!
  }
  type Message {
    level: MessageLevel!
    body: String!
  }
  enum MessageLevel { INFO WARN ERROR }
  enum FetchErrorCode { AUTHENTICATION_FAILED ACCESS_DENIED UNKNOWN_REF RETRY_LATER NOT_IMPLEMENTED_ON_THIS_INSTANCE }
`);
