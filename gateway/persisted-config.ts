import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

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
      manifest: z
        .string()
        .optional()
        .describe(
          "A manifest of known operations in Apollo's persisted query format, or a directory with several (`*.json`), from the working directory. Its operations are planned ahead.",
        ),
      pollIntervalMs: timerMs()
        .min(0)
        .default(1_000)
        .describe('How often the manifest is looked at for changes, in milliseconds; 0 for never.'),
    })
    .refine(({ mode, manifest }) => mode === 'open' || manifest !== undefined, {
      path: ['manifest'],
      error: 'is needed: without a manifest no operation is known. Name one, or set safelist.mode to open',
    })
    .prefault({}),
});

export type PersistedConfig = z.infer<typeof persistedConfig>;
