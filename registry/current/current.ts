import { setTimeout } from 'node:timers/promises';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import { readDocuments } from '../storage/documents.ts';
import { listGraphs } from '../storage/graphs.ts';
import { listAllVariants } from '../storage/variants.ts';
import { listServed, type ServedSupergraph } from '../storage/versions.ts';

/** The supergraph that a variant serves now. */
export interface Current {
  readonly graphId: string;
  readonly variant: string;
  readonly version: number;
  /** `VERSION:HASH`, with the SHA-256 of the SDL: never the same for two of a variant, though one may be served again. */
  readonly id: string;
  readonly sdl: string;
}

/** The supergraphs of all variants, in memory: questions about them reach no database, and are answered while it is away. */
export interface CurrentSupergraphs {
  get(graphId: string, variant: string): Current | undefined;
  /** Whether there is such a graph, or such a variant of it. */
  isKnown(graphId: string, variant?: string): boolean;
  /** Looks what a variant serves. Rejects never: while the database is away it returns, and looks again by itself. */
  refresh(graphId: string, variant: string): Promise<void>;
  /** The same for all of them, new ones and deleted ones too. */
  refreshAll(): Promise<void>;
  close(): Promise<void>;
}

export interface CurrentOptions {
  readonly database: Database;
  readonly log: Log;
}

const LONGEST_PAUSE_MS = 2_000;

/** Loads all of them. @throws when the database does not answer */
export async function loadCurrentSupergraphs({ database, log }: CurrentOptions): Promise<CurrentSupergraphs> {
  const { query } = database;
  const stopping = new AbortController();
  let graphs: ReadonlySet<string> = new Set();
  /** By graph ref; `undefined` for a variant that serves nothing yet. */
  const currents = new Map<string, Current | undefined>();
  /** One look at a time: what was seen first is put first. */
  let looking: Promise<void> = Promise.resolve();
  let retrying: Promise<void> | undefined;

  function inTurn(look: () => Promise<void>): Promise<void> {
    const turn = looking.then(look);
    looking = turn.catch(() => undefined);
    return turn;
  }

  async function see(look: () => Promise<void>): Promise<void> {
    try {
      await inTurn(look);
    } catch (error) {
      if (stopping.signal.aborted || retrying !== undefined) return;
      log.warn({ err: error }, 'cannot see whether there are new supergraphs; those known are served');
      retrying = seeAgain().finally(() => {
        retrying = undefined;
      });
    }
  }

  async function seeAgain(): Promise<void> {
    for (let failures = 1; ; failures++) {
      const pause = Math.min(50 * 2 ** failures, LONGEST_PAUSE_MS);
      await setTimeout(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        await inTurn(lookAtAll);
        log.info('sees new supergraphs again');
        return;
      } catch (error) {
        log.debug({ err: error, failures }, 'cannot see new supergraphs yet');
      }
    }
  }

  async function lookAtAll(): Promise<void> {
    // What is served comes last: by a variant that comes in between, at the notice of that.
    const [rows, variants] = [await listGraphs(query), await listAllVariants(query)];
    const served = new Map((await listServed(query)).map((one) => [refOf(one.graphId, one.variant), one]));
    graphs = new Set(rows.map(({ id }) => id));
    const refs = new Set(variants.map(({ graphId, name }) => refOf(graphId, name)));
    for (const ref of [...currents.keys()].filter((known) => !refs.has(known))) currents.delete(ref);
    for (const { graphId, name } of variants) await put(graphId, name, served.get(refOf(graphId, name)));
  }

  async function lookAt(graphId: string, name: string): Promise<void> {
    const [served] = await listServed(query, { graphId, variant: name });
    await put(graphId, name, served);
  }

  async function put(graphId: string, variant: string, served: ServedSupergraph | undefined): Promise<void> {
    const ref = refOf(graphId, variant);
    const last = currents.get(ref);
    if (served === undefined) {
      currents.set(ref, undefined);
      return;
    }
    const id = `${served.version}:${served.supergraph}`;
    if (last?.id === id) return;
    // Of two thousand types it is a megabyte: not read again when it is the same.
    const known = last?.id.endsWith(`:${served.supergraph}`) === true ? last.sdl : undefined;
    const sdl = known ?? (await readDocuments(query, [served.supergraph])).get(served.supergraph);
    if (sdl === undefined) throw new Error(`the supergraph of ${ref} is missing`);
    currents.set(ref, { graphId, variant, version: served.version, id, sdl });
  }

  await lookAtAll();
  return {
    get: (graphId, variant) => currents.get(refOf(graphId, variant)),
    isKnown: (graphId, variant) =>
      variant === undefined ? graphs.has(graphId) : currents.has(refOf(graphId, variant)),
    refresh: (graphId, variant) => see(() => lookAt(graphId, variant)),
    refreshAll: () => see(lookAtAll),
    async close() {
      stopping.abort();
      await Promise.all([looking, retrying]);
    },
  };
}

const refOf = (graphId: string, variant: string) => `${graphId}@${variant}`;
