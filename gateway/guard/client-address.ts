import { BlockList, isIP, SocketAddress } from 'node:net';

/** From who connects, and `x-forwarded-for`, to the client's address: of IPv6 that of its network. */
export type ReadClientAddress = (connected: string | undefined, forwardedFor: string | undefined) => string;

/** Whether an address is one of the proxies whose word is taken. */
export type IsTrustedProxy = (address: string | undefined) => boolean;

/** @param trusted addresses and ranges (CIDR) of proxies */
export function createIsTrustedProxy(trusted: readonly string[]): IsTrustedProxy {
  const proxies = new BlockList();
  for (const range of trusted) {
    const [address = '', bits] = range.split('/');
    const family = toFamily(address);
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return (address = '') => trusted.length > 0 && proxies.check(address, toFamily(address));
}

export interface ClientAddressOptions {
  /** Told once, of the first address that sends `x-forwarded-for` and is not trusted: it may be a proxy that nobody named. */
  readonly onUntrusted?: (address: string) => void;
}

/**
 * Makes the function that finds a client behind proxies. Each proxy adds the address from which a request came to it at the end of
 * `x-forwarded-for`; what a client itself has written stands before. So the list is read from its end, as long as those who
 * wrote it are trusted.
 *
 * @param trusted addresses and ranges (CIDR) of proxies
 */
export function createReadClientAddress(
  trusted: readonly string[],
  { onUntrusted }: ClientAddressOptions = {},
): ReadClientAddress {
  const isProxy = createIsTrustedProxy(trusted);
  let isTold = onUntrusted === undefined;

  return (connected = '', forwardedFor) => {
    if (forwardedFor === undefined) return toNetwork(connected);
    let client = connected;
    if (isProxy(client)) {
      for (const written of forwardedFor.split(',').reverse()) {
        const address = readAddress(written);
        // Who wrote nonsense is where it came from, as far as anybody knows.
        if (address === undefined) break;
        client = address;
        if (!isProxy(client)) break;
      }
    } else if (!isTold) {
      isTold = true;
      onUntrusted?.(connected);
    }
    return toNetwork(client);
  };
}

function toFamily(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Some proxies write a port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function readAddress(written: string): string | undefined {
  const text = written.trim();
  const address = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : address;
}

/** Whoever has one IPv6 address has at least the 2^64 of its network: all of them count as one. IPv4 in IPv6 is IPv4. */
function toNetwork(address: string): string {
  if (!address.includes(':')) return address;
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  if (canonical.includes('.')) return canonical.slice(canonical.lastIndexOf(':') + 1);
  const [head = '', tail = ''] = canonical.split('::');
  const [left, right] = [head, tail].map((text) => (text === '' ? [] : text.split(':'))) as [string[], string[]];
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
