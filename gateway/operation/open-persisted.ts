import type { Log } from '../../service/logs.ts';
import type { ClosingStack } from '../../service/run.ts';
import type { PersistedConfig } from '../persisted-config.ts';
import type { Store } from '../store/store.ts';
import { createApq } from './apq.ts';
import { followManifest } from './follow-manifest.ts';
import { createManifestFileSource } from './manifest-source.ts';
import { createPersisted, type Persisted } from './persisted.ts';
import { createSafelist } from './safelist.ts';

export interface PersistedSetting {
  readonly config: PersistedConfig;
  /** What gateways share, if anything. */
  readonly store: Store | undefined;
  /** As `limits.maxTokens`. */
  readonly maxTokens: number;
  /** Told of a new manifest. */
  readonly onReload: () => void;
  readonly log: Log;
}

export interface OpenedPersisted extends Persisted {
  /** Of the operations of the manifest, as it is now; none without one. */
  readonly knownTexts: () => readonly string[];
}

/** Opens, on a stack, what is known of operations. @throws {ManifestError} when the manifest cannot be read */
export async function openPersisted(stack: ClosingStack, setting: PersistedSetting): Promise<OpenedPersisted> {
  const { mode, manifest: path, pollIntervalMs } = setting.config.safelist;
  const { isEnabled, maxBytes, ttlMs } = setting.config.apq;
  const { store, maxTokens, onReload, log } = setting;
  // Memory of this process is all there is otherwise, and there is some already.
  const shared = store?.isShared ? store : undefined;
  const followed =
    path === undefined
      ? undefined
      : await followManifest({ source: createManifestFileSource(path), onReload, pollIntervalMs, log });
  if (followed !== undefined) stack.add('manifest', followed);
  const currentManifest = followed?.current;
  const safelist = currentManifest && createSafelist({ mode, currentManifest, maxTokens });
  const apq = isEnabled && !safelist?.isIdNeeded ? createApq({ maxBytes, ttlMs, store: shared }) : undefined;
  const knownTexts = () => currentManifest?.().operations.map(({ body }) => body) ?? [];
  return { ...createPersisted({ apq, safelist }), knownTexts };
}
