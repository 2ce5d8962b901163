import { z } from 'zod';
import type { ConfigProblem } from '../service/config.ts';
import { timerMs } from '../service/timer-option.ts';
import type { SupergraphConfig } from './supergraph-config.ts';

/** The options of persisted operations: `docs/guard.md` says how they belong together. */
export const persistedConfig = z.strictObject({
  apq: z
    .strictObject({
      isEnabled: z
        .boolean()
        .default(true)
        .describe(
          "Let clients send the SHA-256 of a query text instead of the text, once both were sent together (Apollo's automatic persisted queries).",
        ),
      maxBytes: z
        .int()
        .positive()
        .default(16_000_000)
        .describe('Most memory of such texts in this process, in bytes. What was not used for longest goes first.'),
      ttlMs: z
        .int()
        .positive()
        .default(86_400_000)
        .describe(
          'How long a text is kept after it was last sent with its hash, in milliseconds; in memory, after it was last used.',
        ),
    })
    .prefault({}),
  safelist: z
    .strictObject({
      mode: z
        .enum(['open', 'log-unknown', 'only-known', 'only-known-ids'])
        .default('open')
        .describe(
          '`open`: operations of the manifest can be asked for by id, others by their text. `log-unknown`: as well, and the log says which others come. `only-known`: others are refused. `only-known-ids`: so is every text; only ids are taken.',
        ),
      source: z
        .enum(['file', 'uplink'])
        .default('file')
        .describe(
          'Where the known operations come from. `file`: from `manifest`; `uplink`: from the persisted query list that the registry has for `supergraph.uplink.graphRef`, by its `endpoints`, `key` and waiting times.',
        ),
      manifest: z
        .string()
        .optional()
        .describe(
          "A manifest of known operations in Apollo's persisted query format, or a directory with several (`*.json`), from the working directory. Its operations are planned ahead.",
        ),
      pollIntervalMs: timerMs()
        .min(0)
        .default(1_000)
        .describe('How often the files of the manifest are looked at for changes, in milliseconds; 0 for never.'),
    })
    .refine(({ mode, source, manifest }) => mode === 'open' || source === 'uplink' || manifest !== undefined, {
      path: ['manifest'],
      error: 'is needed: without a manifest no operation is known. Name one, or set safelist.mode to open',
    })
    .refine(({ source, manifest }) => source === 'file' || manifest === undefined, {
      path: ['manifest'],
      error: 'is not read with safelist.source: uplink. Leave one of the two out',
    })
    .prefault({}),
});

export type PersistedConfig = z.infer<typeof persistedConfig>;

/** Whether operations are known before they are asked for. */
export function knowsOperations({ safelist: { source, manifest } }: PersistedConfig): boolean {
  return source === 'uplink' || manifest !== undefined;
}

interface Configured {
  readonly persisted: PersistedConfig;
  readonly supergraph: SupergraphConfig;
}

/** What keeps the known operations from being asked for at the registry. */
export function findPersistedProblems({ persisted, supergraph: { uplink } }: Configured): readonly ConfigProblem[] {
  if (persisted.safelist.source !== 'uplink') return [];
  const needed = { graphRef: 'APOLLO_GRAPH_REF', key: 'APOLLO_KEY' } as const;
  return (['graphRef', 'key'] as const)
    .filter((option) => uplink[option] === undefined)
    .map((option) => ({
      path: `supergraph.uplink.${option}`,
      message: `is needed by persisted.safelist.source: uplink; it can be set by ${needed[option]} in the environment`,
    }));
}
