/**
 * Everything that the registry refuses or misses, in one table: `docs/errors.md` is made from it. What does not compose is no
 * error of this kind: it is a version with its composition errors.
 */
export const REGISTRY_ERRORS = {
  KEY_INVALID: { meaning: 'There is no API key, or the registry does not know it: never made, revoked or expired.' },
  ACCESS_DENIED: { meaning: 'The key is known, and may not do this here; the message names what it lacks.' },
  GRAPH_UNKNOWN: { meaning: 'There is no graph of this id. An administrator creates graphs.' },
  VARIANT_UNKNOWN: { meaning: 'The graph has no variant of this name; the first publish makes one.' },
  SUBGRAPH_UNKNOWN: { meaning: 'The variant has no subgraph of this name; the message lists those it has.' },
  VERSION_UNKNOWN: {
    meaning: 'The variant has no version of this number, or one that did not compose and so cannot be served.',
  },
  SCHEMA_INVALID: { meaning: 'The schema is not GraphQL; the message says where. Nothing was stored.' },
  NOT_COMPOSED: {
    meaning:
      'The subgraph was published, and the subgraphs do not compose; the last supergraph that did is served. An error only where the policy of the variant says so (`failedPublishIsError`).',
  },
  SCHEMA_TOO_LARGE: { meaning: 'The schema is larger than `schemaLimitBytes`. Nothing was stored.' },
  NAME_INVALID: { meaning: 'A name of a graph, variant or subgraph has characters or a length that are not allowed.' },
  CONTRACT_INVALID: {
    meaning: 'The contract cannot be made so, or this cannot be done with a variant that is a contract.',
  },
  DATABASE_UNAVAILABLE: {
    meaning:
      'Postgres does not answer. Gateways are served on from memory; everything else that the registry is asked has to wait until it is back.',
  },
  BUSY: { meaning: 'Too much is being composed, or it took too long. Nothing was stored; try again.' },
  BAD_REQUEST: { meaning: 'The request is not one that the registry understands.' },
} as const satisfies Record<string, { meaning: string }>;

export type RegistryErrorCode = keyof typeof REGISTRY_ERRORS;

/** Anything a request can provoke that the registry answers with a code. The message is for the one who runs rover. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string = REGISTRY_ERRORS[code].meaning, options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'RegistryError';
    this.code = code;
  }
}
