import type { Entry } from '../../../gateway/cache/entry.ts';
import { createFill, type Fill, type FillOptions } from '../../../gateway/cache/fill.ts';
import { createLevels, type Levels, type LevelsOptions } from '../../../gateway/cache/levels.ts';
import { openPurgeState, type PurgeState, type PurgeStateOptions } from '../../../gateway/cache/purge-state.ts';
import { toTagged } from '../../../gateway/cache/tag-set.ts';
import { batchCalls } from '../../../gateway/store/batched-calls.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import type { ClosingStack } from '../../../service/run.ts';

/** The cache of one gateway, as the application puts it together. */
export interface OneGateway {
  readonly store: Store;
  readonly purges: PurgeState;
  readonly levels: Levels;
  readonly fill: Fill<string>;
}

export interface OneGatewayOptions {
  readonly url: string;
  readonly prefix: string;
  readonly purges?: Partial<PurgeStateOptions>;
  readonly levels?: Partial<LevelsOptions>;
  readonly fill?: Partial<FillOptions>;
}

const LONG_MS = 3_600_000;

/** Neither told of purges nor looking for them: it learns of one when it reads. */
export const LAGGING = { isListening: false, heartbeatMs: 0 } as const;

/** By default one that is told nothing, and whose memory answers alone for an hour. */
export async function openOneGateway(stack: ClosingStack, options: OneGatewayOptions): Promise<OneGateway> {
  const { url, prefix } = options;
  const store = stack.add(
    'store',
    batchCalls(
      await openRedisStore({ address: { urls: [url] }, prefix, readTimeoutMs: 10_000, writeTimeoutMs: 10_000 }),
    ),
  );
  return openGatewayOn(stack, store, options);
}

export async function openGatewayOn(
  stack: ClosingStack,
  store: Store,
  options: Omit<OneGatewayOptions, 'url' | 'prefix'> = {},
): Promise<OneGateway> {
  const purges = stack.add(
    'purges',
    await openPurgeState({ store, maxStaleMs: LONG_MS, ...LAGGING, ...options.purges }),
  );
  const levels = stack.add('levels', createLevels({ store, purges, memoryBytes: 10_000_000, ...options.levels }));
  const fill = createFill<string>({ store, levels, purges, ...options.fill }, () => new Error('left'));
  return { store, purges, levels, fill };
}

/** An entry that is fresh for an hour. */
export function entryOf(
  body: string,
  born: number,
  { tags = ['product'], madeAt = Date.now(), ...content }: Partial<Entry> = {},
): Entry {
  const until = madeAt + LONG_MS;
  return {
    born,
    madeAt,
    freshUntil: until,
    staleUntil: until,
    errorUntil: until,
    scope: 'public',
    ...toTagged(tags),
    body: Buffer.from(body),
    ...content,
  };
}
