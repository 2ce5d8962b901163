import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { followNames, type Lookup } from './follow-names.ts';
import { openReplica, type ReplicaOptions, type ReplicaState } from './open-replica.ts';
import { govern, type PolicyOptions } from './policies.ts';
import { readTls, type TlsOptions } from './read-tls.ts';
import { createReplicas } from './replicas.ts';
import type { Send } from './send.ts';

export interface UpstreamOptions
  extends PolicyOptions,
    Omit<ReplicaOptions, 'name' | 'connectTimeoutMs' | 'log' | 'tls'> {
  readonly urls: readonly string[];
  readonly tls: TlsOptions;
  /** Between two look-ups of the host names in the addresses, in milliseconds; 0 for none: each connection looks up its own. */
  readonly resolveIntervalMs: number;
}

export interface UpstreamContext {
  /** Told when addresses change, or their health does. */
  readonly log?: ReplicaOptions['log'];
  /** Instead of how the machine resolves names. */
  readonly lookup?: Lookup;
}

/** A named HTTP destination with its addresses. */
export interface Upstream extends Running {
  readonly send: Send;
  look(): readonly ReplicaState[];
}

/** Opens a destination: connections are made when they are needed, and kept. @throws {AddressError} @throws {ConfigError} for files of `tls` */
export function createUpstream(
  name: string,
  options: UpstreamOptions,
  { log, lookup }: UpstreamContext = {},
): Upstream {
  const { timeoutMs, ejection, resolveIntervalMs: intervalMs } = options;
  const replicaOptions = {
    ...options,
    name,
    connectTimeoutMs: Math.min(timeoutMs, 5_000),
    tls: readTls(name, options.tls),
    log,
  };
  const addresses = options.urls.map((url) => readAddress(name, url));
  const replicas = createReplicas(addresses, (address, isNewcomer) =>
    openReplica(address, { ...replicaOptions, ejection: { ...ejection, isNewcomer } }),
  );
  const following = { name, intervalMs, lookup, onResolved: replicas.replace, log };
  const names = intervalMs === 0 ? undefined : followNames(addresses, following);
  return {
    send: govern(name, replicas.current, options),
    look: replicas.look,
    close: async () => {
      await names?.close();
      await replicas.close();
    },
  };
}
