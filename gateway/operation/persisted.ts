import { GatewayError } from '../errors.ts';
import { type Apq, hashOf } from './apq.ts';
import type { Safelist } from './safelist.ts';

/** What a client sent in place of, or beside, a query text. */
export interface PersistedRequest {
  readonly query: string | undefined;
  /** `extensions.persistedQuery.sha256Hash`: the hash of a text, or the id of a known operation. */
  readonly hash: string | undefined;
}

/**
 * Operations that need not be sent as text: those of a manifest, by id, and those that some client has sent before with their hash
 * (Apollo's automatic persisted queries). And those that may be sent at all.
 */
export interface Persisted {
  /**
   * The text that is to be executed, at once when nothing has to be fetched for it.
   *
   * @throws {GatewayError} at once or as a rejection: `PERSISTED_QUERY_…`, `QUERY_NOT_IN_SAFELIST`, `BAD_REQUEST` for a hash of
   *   another text
   */
  textOf(request: PersistedRequest, clientName: string | undefined): string | Promise<string>;
  /** Keeps a text that came with its hash. For one that was found valid, so that nobody can fill memory with nonsense. */
  keep(request: PersistedRequest): void;
}

export interface PersistedOptions {
  /** `undefined` when it is off. */
  readonly apq: Apq | undefined;
  /** `undefined` without a manifest. */
  readonly safelist: Safelist | undefined;
}

export function createPersisted({ apq, safelist }: PersistedOptions): Persisted {
  const admit = (text: string, clientName: string | undefined) => safelist?.admit(text, clientName) ?? text;

  function byHash(hash: string, clientName: string | undefined): string | Promise<string> {
    const known = safelist?.find(hash, clientName);
    if (known !== undefined) return known;
    if (safelist !== undefined && (apq === undefined || safelist.isIdNeeded)) throw notInList(hash);
    if (apq === undefined) throw notSupported();
    const found = apq.find(hash);
    const orRefuse = (text: string | undefined) => {
      if (text === undefined) throw notFound();
      return admit(text, clientName);
    };
    return found instanceof Promise ? found.then(orRefuse) : orRefuse(found);
  }

  return {
    textOf: ({ query, hash }, clientName) => {
      if (hash === undefined) return admit(query ?? '', clientName);
      if (query === undefined) return byHash(hash, clientName);
      const text = admit(query, clientName);
      if (apq === undefined) throw notSupported();
      if (hashOf(query) !== hash) {
        throw new GatewayError(
          'BAD_REQUEST',
          `extensions.persistedQuery.sha256Hash is not the SHA-256 of this query, which is ${hashOf(query)}.`,
        );
      }
      return text;
    },
    keep: ({ query, hash }) => {
      if (query !== undefined && hash !== undefined) apq?.keep(hash, query);
    },
  };
}

// Clients look for these two messages, word by word, to send the text next.
const notFound = () => new GatewayError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
const notSupported = () => new GatewayError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');

function notInList(id: string): GatewayError {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  return new GatewayError(
    'PERSISTED_QUERY_NOT_IN_LIST',
    `No operation with the id "${shown}" is known here. It has to be added to the manifest of persisted queries before it is asked for.`,
  );
}
