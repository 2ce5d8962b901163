import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../service/logs.ts';
import { askManifest } from './ask-manifest.ts';
import type { FollowedManifest } from './follow-manifest.ts';
import { createLastGoodManifest, type LastGoodManifest, type OfferedManifest } from './last-good-manifest.ts';
import { createManifest, type Manifest, ManifestError } from './manifest.ts';

export interface UplinkManifestOptions {
  readonly endpoints: readonly string[];
  /** `GRAPH@VARIANT` */
  readonly graphRef: string;
  readonly key: string;
  /** Least time between two questions, in seconds. */
  readonly minDelaySeconds: number;
  /** Where the supergraph is kept, or `none`: the manifest is kept next to it. */
  readonly lastGoodFile: string;
  /** How long a start waits for the registry when there is a last good manifest, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Told of one that has taken the place of another. */
  readonly onReload: () => void;
  readonly log: Log;
}

export interface UplinkManifest extends FollowedManifest {
  /**
   * Begins to follow.
   *
   * @returns when there is a manifest: without a last good one it waits for the registry, because to serve without what was to restrict
   *   would be open
   */
  begin(): Promise<void>;
}

/** How long to wait after a question that failed at every endpoint, in milliseconds: at first, and at most. */
const FIRST_BACKOFF_MS = 500;
const MOST_BACKOFF_MS = 10_000;

/**
 * A manifest that a registry gives, by Apollo's Uplink protocol. While that is away, or gives what cannot be used, the last good one stays;
 * it is kept in a file, too.
 */
export function createUplinkManifest(options: UplinkManifestOptions): UplinkManifest {
  const { endpoints, graphRef, startTimeoutMs, onReload, log } = options;
  const description = `the persisted queries of ${graphRef}`;
  const file = options.lastGoodFile === 'none' ? undefined : createLastGoodManifest(options.lastGoodFile, graphRef);
  const closing = new AbortController();
  const { signal } = closing;
  const answered = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  answered.promise.catch(() => undefined);
  let manifest: Manifest | undefined;
  let id: string | undefined;
  let hasBegun = false;
  let error: string | undefined;
  let following: Promise<void> | undefined;

  async function take(offered: OfferedManifest): Promise<void> {
    manifest = createManifest(offered.operations);
    id = offered.id;
    log.info({ operations: offered.operations.length, version: id }, `operations are known by ${description}`);
    if (hasBegun) onReload();
    await file?.write(offered).catch((reason: unknown) => {
      log.warn({ err: reason }, `the manifest cannot be kept in ${file.path}`);
    });
  }

  /** @returns how long to wait before the next question, in milliseconds; `undefined` when it has failed */
  async function ask(endpoint: string): Promise<number | undefined> {
    try {
      const { offered, minDelaySeconds } = await askManifest({ ...options, endpoint, ifAfterId: id, signal });
      if (offered !== undefined) await take(offered);
      if (error !== undefined) log.info(`the registry answers again for ${description}`);
      error = undefined;
      answered.resolve();
      return Math.max(minDelaySeconds, options.minDelaySeconds) * 1_000;
    } catch (reason) {
      if (signal.aborted) return undefined;
      const message = reason instanceof Error ? reason.message : String(reason);
      // A line when it begins and when its reason changes, not one at every question.
      if (message !== error) log.warn(`the registry gives nothing for ${description}, and is asked again: ${message}`);
      error = message;
      return undefined;
    }
  }

  async function follow(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const delayMs = await ask(endpoints[failures % endpoints.length] as string);
      failures = delayMs === undefined ? failures + 1 : 0;
      // Each endpoint is asked before there is a pause.
      if (failures % endpoints.length !== 0) continue;
      if (failures > 0) failed.resolve();
      const pauseMs = delayMs ?? backoffMs(failures / endpoints.length - 1);
      await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    begin: async () => {
      const last = await readLastGood(file, log);
      manifest = last?.manifest;
      id = last?.id;
      following = follow();
      if (last === undefined) await answered.promise;
      else await Promise.race([answered.promise, failed.promise, wait(startTimeoutMs, undefined, { ref: false })]);
      if (last !== undefined && last.manifest === manifest)
        log.info({ version: id }, `operations are known by ${file?.path}, kept at ${last.keptAt.toISOString()}`);
      hasBegun = true;
    },
    current: () => {
      if (manifest === undefined) throw new TypeError('a manifest is asked for before there is one');
      return manifest;
    },
    close: async () => {
      answered.reject(new ManifestError(`The gateway is stopped before it had ${description}.`));
      closing.abort();
      await following;
    },
  };
}

/** Whatever is wrong with it: a gateway that could wait for its registry does not fail for this. */
async function readLastGood(file: LastGoodManifest | undefined, log: Log) {
  try {
    const last = await file?.read();
    return last && { ...last, manifest: createManifest(last.operations) };
  } catch (error) {
    log.warn({ err: error }, `the last good manifest in ${file?.path} cannot be read`);
    return undefined;
  }
}

/** Doubles, and differs from gateway to gateway, so that not all of them come at the same time. */
function backoffMs(attempt: number): number {
  return Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
}
