/** A destination that cannot be opened, because what should be its address is none. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** Where a connection goes. */
export interface Endpoint {
  /** A name, or an IP address without brackets. */
  readonly hostname: string;
  /** That of the name, where it is known already. */
  readonly ip?: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Where a destination is. */
export interface Address {
  /** As it was given. */
  readonly url: string;
  readonly endpoint: Endpoint;
  /** As the `host` header has it. */
  readonly host: string;
  /** Path and query string. */
  readonly path: string;
}

/** @param name of the destination, for the message. @throws {AddressError} for what is not an absolute http or https URL */
export function readAddress(name: string, url: string): Address {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new AddressError(
      `The subgraph "${name}" cannot be reached at "${url}": it is not an address such as http://host:port/path. Correct its routing_url, or set upstream.${name}.urls.`,
    );
  }
  const { host, port, protocol, pathname, search } = parsed;
  const isTls = protocol === 'https:';
  const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
  const endpoint = { hostname, port: port === '' ? (isTls ? 443 : 80) : Number(port), isTls };
  return { url, endpoint, host, path: pathname + search };
}
