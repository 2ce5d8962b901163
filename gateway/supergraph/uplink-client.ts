import { setTimeout as wait } from 'node:timers/promises';
import type { UplinkSupergraphManager } from '@apollo/gateway';
import type { Running } from '../../service/run.ts';

export interface UplinkOptions {
  readonly endpoints: readonly string[];
  readonly graphRef: string;
  readonly key: string;
  /** Least time between two questions, in seconds. */
  readonly minDelaySeconds: number;
  /** A supergraph has come, with the id that the registry gave it. */
  readonly onSdl: (offered: OfferedSdl) => void;
  /** The registry has answered, whether there is something new or not. */
  readonly onAnswer: () => void;
  /** It has not, or has refused. It is asked again. */
  readonly onFailure: (message: string) => void;
}

export interface OfferedSdl {
  readonly id: string;
  readonly sdl: string;
}

/** How long one answer may take, in milliseconds, its body included. */
const ANSWER_TIMEOUT_MS = 30_000;
/** How long to wait for the first answer between two questions, in milliseconds: at first, and at most. */
const FIRST_BACKOFF_MS = 500;
const MOST_BACKOFF_MS = 10_000;

/**
 * Follows a graph by Apollo's Uplink protocol, by the vendor's own client. That gives up when its first question fails; here it is
 * asked again, for ever. Later failures it outlives by itself: the next question goes to the next endpoint.
 */
export function followUplink(options: UplinkOptions): Running {
  const { graphRef, key, minDelaySeconds, onSdl, onFailure } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let cleanUp: (() => Promise<void>) | undefined;
  let offered: OfferedSdl | undefined;

  async function follow(): Promise<void> {
    const { UplinkSupergraphManager: Manager } = await importManager();
    const manager = new Manager({
      apiKey: key,
      graphRef,
      uplinkEndpoints: [...options.endpoints],
      fallbackPollIntervalInMs: minDelaySeconds * 1_000,
      // Between questions it would wait for up to a minute; the next question is sooner.
      maxRetries: 0,
      logger: SILENT,
      fetcher: createFetcher(options, signal, (sdl) => {
        offered = sdl;
      }),
      onFailureToFetchSupergraphSdlAfterInit: async ({ error }) => {
        if (!signal.aborted) onFailure(messageOf(error));
        return null;
      },
    });
    const tell = (sdl: string) => {
      if (offered?.sdl === sdl && !signal.aborted) onSdl(offered);
    };
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const { supergraphSdl, cleanup } = await manager.initialize({
          update: tell,
          healthCheck: async () => {},
          getDataSource: () => {
            throw new TypeError('the client of Uplink has no data sources');
          },
        });
        cleanUp = cleanup;
        return tell(supergraphSdl);
      } catch (error) {
        if (signal.aborted) return;
        onFailure(messageOf(error));
        await wait(backoffMs(attempt), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const following = follow();
  following.catch(() => undefined);
  return {
    close: async () => {
      closing.abort();
      await following;
      await cleanUp?.();
    },
  };
}

/**
 * The client's own module: that of the whole package takes 2 s and 66 MB to load, and brings OpenTelemetry, which exports metrics to the
 * vendor from its gateway. What is loaded here does not.
 */
async function importManager(): Promise<{ readonly UplinkSupergraphManager: typeof UplinkSupergraphManager }> {
  return import('@apollo/gateway/dist/supergraphManagers/UplinkSupergraphManager/index.js');
}

/** Without the client's own words for whom it asks: the registry need not be the vendor's. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^An error occurred while fetching your schema from Apollo: /, '');
}

type Fetcher = NonNullable<ConstructorParameters<typeof UplinkSupergraphManager>[0]['fetcher']>;

/** The client tells the text alone of what has come: its id is seen here, and that there was an answer. */
function createFetcher(
  { onAnswer }: UplinkOptions,
  closing: AbortSignal,
  onOffer: (offered: OfferedSdl) => void,
): Fetcher {
  return async (url, { method, headers, body } = {}) => {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    try {
      const response = await fetch(url, {
        method: method ?? 'POST',
        headers: headers ?? {},
        body: body as string,
        signal,
        redirect: 'manual',
      });
      const text = await response.text();
      const answer = readAnswer(text);
      if (answer?.__typename === 'Unchanged' || answer?.__typename === 'RouterConfigResult') onAnswer();
      const { id, supergraphSdl: sdl } = answer ?? {};
      if (typeof id === 'string' && typeof sdl === 'string') onOffer({ id, sdl });
      return new Response(text, { status: response.status, statusText: response.statusText });
    } catch (error) {
      throw new Error(`${URL.parse(url)?.origin} cannot be reached: ${reasonOf(error)}`, { cause: error });
    }
  };
}

function readAnswer(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { routerConfig?: Record<string, unknown> | null } | null };
    return data?.routerConfig ?? undefined;
  } catch {
    // The client says what is wrong with it.
    return undefined;
  }
}

/** `fetch failed` alone would not help anybody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_TIMEOUT_MS} ms`;
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || (cause as NodeJS.ErrnoException).code || error.message
    : error.message;
}

/** Doubles, and differs from gateway to gateway, so that not all of them come at the same time. */
function backoffMs(attempt: number): number {
  return Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
}

/** What it has to say, the callbacks say. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
