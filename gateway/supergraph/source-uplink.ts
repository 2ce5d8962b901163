import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { createLastGoodFile, type LastGoodFile } from './last-good-file.ts';
import type { LoadedSdl, Source, SourceStatus } from './source.ts';
import { SupergraphError } from './supergraph.ts';
import { followUplink, type OfferedSdl } from './uplink-client.ts';

export interface UplinkSourceOptions {
  readonly endpoints: readonly string[];
  /** `GRAPH@VARIANT` */
  readonly graphRef: string;
  readonly key: string;
  readonly minDelaySeconds: number;
  /** A path, or `none`. */
  readonly lastGoodFile: string;
  /** How long a start waits for the registry when there is a last good file, in milliseconds. */
  readonly startTimeoutMs: number;
  readonly log: Log;
}

/**
 * A supergraph that a registry gives, by Apollo's Uplink protocol. What is served is kept in a file. When the registry does not answer at
 * the start, that is served until it does; without such a file the start waits.
 */
export function createUplinkSource(options: UplinkSourceOptions): Source {
  const { graphRef, startTimeoutMs, log } = options;
  const description = `${graphRef} of ${options.endpoints.map((url) => URL.parse(url)?.host).join(', ')}`;
  const file = options.lastGoodFile === 'none' ? undefined : createLastGoodFile(options.lastGoodFile, graphRef);
  const arrived = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  arrived.promise.catch(() => undefined);
  let client: Running | undefined;
  let latest: LoadedSdl | undefined;
  let given: LoadedSdl | undefined;
  let listener: (() => void) | undefined;
  let answeredAt: Date | undefined;
  let error: string | undefined;
  let failures = 0;
  let keeping = Promise.resolve();
  let kept: LoadedSdl | undefined;

  const onSdl = ({ id, sdl }: OfferedSdl) => {
    latest = { sdl, version: id, files: [], warnings: [] };
    arrived.resolve();
    listener?.();
  };
  const onAnswer = () => {
    if (error !== undefined) log.info(`the registry answers again for ${description}`);
    error = undefined;
    answeredAt = new Date();
  };
  const onFailure = (message: string) => {
    // A line when it begins and when its reason changes, not one every second.
    if (message !== error) log.warn(`the registry gives nothing for ${description}, and is asked again: ${message}`);
    error = message;
    // Once by each endpoint: they are asked in turn.
    if (++failures >= options.endpoints.length) failed.resolve();
  };

  async function loadFirst(): Promise<LoadedSdl> {
    const last = await readLastGood(file, log);
    if (last === undefined) {
      await arrived.promise;
    } else {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, startTimeoutMs);
      await Promise.race([arrived.promise, failed.promise, promise]).finally(() => clearTimeout(timer));
    }
    if (latest !== undefined) return latest;
    const reason = error ?? `no answer within ${startTimeoutMs} ms`;
    const warning = `the registry gives nothing for ${description} (${reason}): the last good supergraph is served`;
    return { ...(last as LoadedSdl), warnings: [warning, ...(last as LoadedSdl).warnings] };
  }

  return {
    description,
    load: async () => {
      client ??= followUplink({ ...options, onSdl, onAnswer, onFailure });
      given = latest ?? (await loadFirst());
      return given;
    },
    loadLastGood: () => readLastGood(file, log),
    onChange: (told) => {
      listener = told;
      if (latest !== undefined && latest !== given) told();
    },
    served: (loaded) => {
      const { sdl, version } = loaded;
      if (file === undefined || version === undefined) return;
      if (loaded.files.includes(file.path) || (kept?.version === version && kept.sdl === sdl)) return;
      kept = loaded;
      keeping = keeping
        .then(() => file.write({ sdl, version }))
        .catch((reason: unknown) => {
          kept = undefined;
          log.warn({ err: reason }, `the supergraph cannot be kept in ${file.path}`);
        });
    },
    status: (): SourceStatus => ({
      description,
      isAnswering: answeredAt !== undefined && error === undefined,
      answeredAt: answeredAt?.toISOString(),
      error,
    }),
    close: async () => {
      arrived.reject(new SupergraphError(`The gateway is stopped before there was a supergraph of ${description}.`));
      await client?.close();
      await keeping;
    },
  };
}

/** Whatever is wrong with it: a gateway that could wait for its registry does not fail for this. */
async function readLastGood(file: LastGoodFile | undefined, log: Log): Promise<LoadedSdl | undefined> {
  try {
    const last = await file?.read();
    if (file === undefined || last === undefined) return undefined;
    const { sdl, version, keptAt } = last;
    const warning = `${file.path} was kept at ${keptAt.toISOString()}, version ${version}`;
    return { sdl, version, files: [file.path], warnings: [warning] };
  } catch (error) {
    log.warn({ err: error }, `the last good supergraph in ${file?.path} cannot be read`);
    return undefined;
  }
}
