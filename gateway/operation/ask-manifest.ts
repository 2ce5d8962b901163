import { z } from 'zod';
import type { OfferedManifest } from './last-good-manifest.ts';
import { ManifestError, type ManifestOperation, readManifest } from './manifest.ts';

export interface ManifestQuestion {
  readonly endpoint: string;
  readonly graphRef: string;
  readonly key: string;
  /** What is here already. */
  readonly ifAfterId: string | undefined;
  readonly signal: AbortSignal;
}

export interface ManifestAnswer {
  /** `undefined` when nothing has changed. */
  readonly offered: OfferedManifest | undefined;
  /** How long the registry wants not to be asked, in seconds. */
  readonly minDelaySeconds: number;
}

/** How long one answer may take, in milliseconds, its body included. */
const ANSWER_TIMEOUT_MS = 30_000;
/** A registry that asks for more is asked all the same. */
const MOST_DELAY_SECONDS = 3_600;

/** As Apollo's router asks. */
const QUESTION = `query PersistedQueriesManifestQuery($apiKey: String!, $graph_ref: String!, $ifAfterId: ID) {
  persistedQueries(ref: $graph_ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
    __typename
    ... on PersistedQueriesResult { id minDelaySeconds chunks { id urls } }
    ... on Unchanged { id minDelaySeconds }
    ... on FetchError { code message }
  }
}`;

const minDelaySeconds = z.number().min(0);
const chunk = z.object({ urls: z.array(z.url({ protocol: /^https?$/ })).min(1) });
const answerFormat = z.object({
  data: z.object({
    persistedQueries: z.discriminatedUnion('__typename', [
      z.object({
        __typename: z.literal('PersistedQueriesResult'),
        id: z.string(),
        minDelaySeconds,
        chunks: z.array(chunk).nullable(),
      }),
      z.object({ __typename: z.literal('Unchanged'), minDelaySeconds }),
      z.object({ __typename: z.literal('FetchError'), code: z.string(), message: z.string() }),
    ]),
  }),
});

/**
 * Asks a registry once for the persisted queries of a graph, by Apollo's Uplink protocol.
 *
 * @throws {ManifestError} when it does not answer, refuses, or has no list for this graph
 */
export async function askManifest(question: ManifestQuestion): Promise<ManifestAnswer> {
  const { endpoint, graphRef, key, ifAfterId = null, signal } = question;
  const text = await get(endpoint, signal, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      operationName: 'PersistedQueriesManifestQuery',
      query: QUESTION,
      variables: { apiKey: key, graph_ref: graphRef, ifAfterId },
    }),
    // The key is for nobody else.
    redirect: 'manual',
  });
  const answer = readAnswer(text, endpoint);
  if (answer.__typename === 'FetchError') throw new ManifestError(`${answer.code}: ${answer.message}`);
  const delay = Math.min(answer.minDelaySeconds, MOST_DELAY_SECONDS);
  if (answer.__typename === 'Unchanged') return { offered: undefined, minDelaySeconds: delay };
  if (answer.chunks === null) throw new ManifestError(`${graphRef} serves no persisted query list`);
  const operations = await Promise.all(answer.chunks.map(({ urls }) => fetchChunk(urls, signal)));
  return { offered: { id: answer.id, operations: operations.flat() }, minDelaySeconds: delay };
}

function readAnswer(text: string, endpoint: string) {
  try {
    return answerFormat.parse(JSON.parse(text)).data.persistedQueries;
  } catch (error) {
    throw new ManifestError(`${originOf(endpoint)} does not answer as Uplink does`, { cause: error });
  }
}

/** All URLs of a chunk have the same: the first that gives it. */
async function fetchChunk(urls: readonly string[], signal: AbortSignal): Promise<readonly ManifestOperation[]> {
  let failure: unknown;
  for (const url of urls) {
    try {
      return readManifest(await get(url, signal), url);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function get(url: string, closing: AbortSignal, init: RequestInit = {}): Promise<string> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { ...init, signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return text;
  } catch (error) {
    // `fetch failed` alone would not help anybody.
    const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
    const reason = cause?.message || cause?.code || message;
    throw new ManifestError(`${originOf(url)} gives nothing: ${reason}`, { cause: error });
  }
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin;
}
