import { type DocumentNode, execute, type GraphQLError, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Log } from '../../service/logs.ts';
import { RegistryError, type RegistryErrorCode } from '../errors.ts';
import { concealFault } from '../fault.ts';
import { type Admitted, type Admitting, admit, readRef } from './admit.ts';
import type { PersistedLists } from './persisted-lists.ts';
import { uplinkSchema } from './type-definitions.ts';

export interface UplinkOptions extends Admitting {
  readonly lists: PersistedLists;
  /** How long who asks is to wait before it asks again, in seconds: 1 at least, and whole, because routers cut it to whole seconds. */
  readonly minDelaySeconds: number;
  /** Where chunks of persisted queries are served, `http://host:port`. */
  readonly publicUrl: () => string;
  readonly log: Log;
}

export interface UplinkRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Answers one question. Never throws. Variables hold keys: nothing of a request is logged. */
export type AnswerUplink = (request: UplinkRequest) => Promise<UplinkAnswer>;

export interface UplinkAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Arguments {
  readonly ref: string;
  readonly apiKey: string;
  readonly ifAfterId: string | null | undefined;
}

/** A licence is not what changes. */
const ENTITLEMENT_DELAY_SECONDS = 60;
/** Gateways and routers know a handful of documents. */
const MOST_DOCUMENTS = 100;
const MOST_TOKENS = 500;

const FETCH_ERROR_CODES: Partial<Record<RegistryErrorCode, string>> = {
  KEY_INVALID: 'AUTHENTICATION_FAILED',
  ACCESS_DENIED: 'ACCESS_DENIED',
  GRAPH_UNKNOWN: 'UNKNOWN_REF',
};

/** Makes what answers Apollo's gateways and routers, from memory. */
export function createUplink({ keys, current, lists, minDelaySeconds, publicUrl, log }: UplinkOptions): AnswerUplink {
  const documents = new LRUCache<string, { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] }>(
    {
      max: MOST_DOCUMENTS,
    },
  );

  const unchanged = (id: string, delay = minDelaySeconds) => ({ __typename: 'Unchanged', id, minDelaySeconds: delay });

  /** Admits who asks, and answers it, or says why not. */
  const answering =
    (answer: (admitted: Admitted, ifAfterId: Arguments['ifAfterId']) => unknown) =>
    async ({ ref, apiKey, ifAfterId }: Arguments): Promise<unknown> => {
      try {
        return await answer(await admit({ keys, current }, apiKey, readRef(ref)), ifAfterId);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        const code = FETCH_ERROR_CODES[error.code] ?? 'RETRY_LATER';
        return { __typename: 'FetchError', code, message: error.message, minDelaySeconds };
      }
    };

  const rootValue = {
    routerConfig: answering(({ graphId, variant }, ifAfterId) => {
      const found = current.get(graphId, variant);
      if (found === undefined)
        throw new RegistryError('VARIANT_UNKNOWN', `Nothing is published for ${graphId}@${variant} yet that composes.`);
      const { id, sdl } = found;
      if (id === ifAfterId) return unchanged(id);
      return { __typename: 'RouterConfigResult', id, supergraphSDL: sdl, messages: [], minDelaySeconds };
    }),
    routerEntitlements: answering((_admitted, ifAfterId) => {
      if (ifAfterId === 'none') return unchanged('none', ENTITLEMENT_DELAY_SECONDS);
      return {
        __typename: 'RouterEntitlementsResult',
        id: 'none',
        entitlement: null,
        minDelaySeconds: ENTITLEMENT_DELAY_SECONDS,
      };
    }),
    persistedQueries: answering(async ({ graphId, variant }, ifAfterId) => {
      const manifest = await lists.get(graphId, variant);
      const id = manifest === undefined ? 'none' : `pq:${manifest.hash}`;
      if (id === ifAfterId) return unchanged(id);
      const chunks = manifest && [{ id, urls: [`${publicUrl()}${chunkPath(graphId, variant, manifest.hash)}`] }];
      return { __typename: 'PersistedQueriesResult', id, chunks: chunks ?? null, minDelaySeconds };
    }),
  };

  function read(query: string) {
    let known = documents.get(query);
    if (known === undefined) {
      const document = parse(query, { noLocation: true, maxTokens: MOST_TOKENS });
      known = { document, errors: validate(uplinkSchema, document) };
      documents.set(query, known);
    }
    return known;
  }

  return async ({ query, operationName, variables }) => {
    try {
      const { document, errors } = read(query);
      if (errors.length > 0) return { status: 400, body: { errors } };
      const result = await execute({
        schema: uplinkSchema,
        document,
        rootValue,
        operationName: operationName ?? null,
        variableValues: variables ?? {},
      });
      for (const error of result.errors ?? []) if (error.originalError) throw error.originalError;
      return { status: 'data' in result ? 200 : 400, body: result };
    } catch (error) {
      if (error instanceof Error && error.name === 'GraphQLError') return { status: 400, body: { errors: [error] } };
      const message = concealFault(log, error, 'a question to Uplink failed by a fault of the registry');
      return { status: 500, body: { errors: [{ message }] } };
    }
  };
}

/** Where the manifest of a variant is served. Whoever knows its hash may have it: routers send no key there. */
export function chunkPath(graphId: string, variant: string, hash: string): string {
  return `/persisted-queries/${encodeURIComponent(graphId)}/${encodeURIComponent(variant)}/${hash}`;
}
