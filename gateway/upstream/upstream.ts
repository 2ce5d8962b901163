import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { type BalanceOptions, balance } from './balance.ts';
import { deadline } from './deadline.ts';
import { followNames, type Lookup } from './follow-names.ts';
import { limit } from './limit.ts';
import { openReplica, type ReplicaOptions, type ReplicaState } from './open-replica.ts';
import { readTls, type TlsOptions } from './read-tls.ts';
import { createReplicas } from './replicas.ts';
import { type RetryOptions, retry } from './retry.ts';
import type { Send } from './send.ts';

export interface UpstreamOptions extends Omit<ReplicaOptions, 'name' | 'connectTimeoutMs' | 'log' | 'tls'> {
  readonly urls: readonly string[];
  /** From sending to the last byte of the reply, further tries included, in milliseconds. */
  readonly timeoutMs: number;
  /** Calls that wait for a connection. */
  readonly maxQueued: number;
  readonly balance: BalanceOptions;
  readonly retry: Omit<RetryOptions, 'hasOthers'>;
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
  const { connections, timeoutMs, maxQueued, ejection, resolveIntervalMs: intervalMs } = options;
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
  const most = () => connections * replicas.current().length + maxQueued;
  const hasOthers = () => replicas.current().length > 1;

  // From the inside out: what a call meets first stands last.
  const balanced = balance(replicas.current, options.balance);
  const retried = retry(balanced, { ...options.retry, hasOthers });
  const limited = limit(retried, { name, most });
  return {
    send: deadline(limited, { name, timeoutMs }),
    look: replicas.look,
    close: async () => {
      await names?.close();
      await replicas.close();
    },
  };
}
