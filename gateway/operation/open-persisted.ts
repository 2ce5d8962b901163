import type { Log } from '../../service/logs.ts';
import type { ClosingStack } from '../../service/run.ts';
import type { PersistedConfig } from '../persisted-config.ts';
import type { Store } from '../store/store.ts';
import type { SupergraphConfig } from '../supergraph-config.ts';
import { createApq } from './apq.ts';
import { type FollowedManifest, followManifest } from './follow-manifest.ts';
import { createUplinkManifest } from './follow-uplink-manifest.ts';
import { createManifestFileSource } from './manifest-source.ts';
import { createPersisted, type Persisted } from './persisted.ts';
import { createSafelist } from './safelist.ts';

export interface PersistedSetting {
  readonly config: PersistedConfig;
  /** The registry, for a manifest that comes from there. */
  readonly uplink: SupergraphConfig['uplink'];
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
  const { mode } = setting.config.safelist;
  const { isEnabled, maxBytes, ttlMs } = setting.config.apq;
  const { store, maxTokens } = setting;
  // Memory of this process is all there is otherwise, and there is some already.
  const shared = store?.isShared ? store : undefined;
  const followed = await openManifest(stack, setting);
  const currentManifest = followed?.current;
  const safelist = currentManifest && createSafelist({ mode, currentManifest, maxTokens });
  const apq = isEnabled && !safelist?.isIdNeeded ? createApq({ maxBytes, ttlMs, store: shared }) : undefined;
  const knownTexts = () => currentManifest?.().operations.map(({ body }) => body) ?? [];
  return { ...createPersisted({ apq, safelist }), knownTexts };
}

/** The first manifest is there when this is done. */
async function openManifest(
  stack: ClosingStack,
  { config: { safelist }, uplink, onReload, log }: PersistedSetting,
): Promise<FollowedManifest | undefined> {
  const { source, manifest: path, pollIntervalMs } = safelist;
  if (source === 'uplink') {
    // The configuration has seen to it that both are there.
    const { graphRef = '', key = '' } = uplink;
    const followed = stack.add('manifest', createUplinkManifest({ ...uplink, graphRef, key, onReload, log }));
    await followed.begin();
    return followed;
  }
  if (path === undefined) return undefined;
  return stack.add(
    'manifest',
    await followManifest({ source: createManifestFileSource(path), onReload, pollIntervalMs, log }),
  );
}
