import { lookup as lookupAddresses } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { Address } from './address.ts';

/** Gives the IP addresses of a host name. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

export interface FollowNamesOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  /** Between two look-ups of a name, in milliseconds; a tenth more or less, by chance. */
  readonly intervalMs: number;
  readonly lookup?: Lookup | undefined;
  /** Told of all addresses each time that a name was looked up. */
  readonly onResolved: (addresses: readonly Address[]) => void;
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined;
}

/** As the machine does it, `/etc/hosts` included. */
const lookupAsSystem: Lookup = async (hostname) =>
  (await lookupAddresses(hostname, { all: true })).map(({ address }) => address);

/** Name servers are not asked by all gateways at once. */
const JITTER = 0.1;

/**
 * Looks up the host names of addresses again and again: each IP address that a name has is an address of its own, of the same host. What was found
 * last stays while nothing is found.
 */
export function followNames(addresses: readonly Address[], options: FollowNamesOptions): Running {
  const { name, intervalMs, lookup = lookupAsSystem, onResolved, log } = options;
  /** By what they were found for: an address is called by its name until that is known. */
  const found = new Map(addresses.map((address) => [address, [address]]));
  const timers = new Map<Address, NodeJS.Timeout>();
  let isClosed = false;

  async function follow(address: Address, before: string, isFailing: boolean): Promise<void> {
    const { hostname: host } = address.endpoint;
    const resolved = await resolve(host);
    if (isClosed) return;
    let after = before;
    if ('problem' in resolved) {
      const message = 'the name of a subgraph gives no address; those that it had last are called';
      if (!isFailing) log?.warn({ upstream: name, host, reason: resolved.problem }, message);
    } else {
      after = resolved.ips.join();
      if (after !== before || isFailing)
        log?.info({ upstream: name, host, ips: resolved.ips }, 'the addresses of a subgraph');
      found.set(
        address,
        resolved.ips.map((ip) => ({ ...address, endpoint: { ...address.endpoint, ip } })),
      );
      onResolved([...found.values()].flat());
    }
    const again = () => void follow(address, after, 'problem' in resolved);
    timers.set(address, setTimeout(again, intervalMs * (1 - JITTER + 2 * JITTER * Math.random())).unref());
  }

  /** In an order of ours: name servers give them in another one each time. */
  async function resolve(host: string): Promise<{ readonly ips: readonly string[] } | { readonly problem: string }> {
    try {
      const ips = [...new Set(await lookup(host))].sort();
      return ips.length === 0 ? { problem: 'the name has no address' } : { ips };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  for (const address of addresses) if (isIP(address.endpoint.hostname) === 0) void follow(address, '', false);
  return {
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
