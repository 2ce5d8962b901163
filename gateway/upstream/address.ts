/** A destination that cannot be opened, because what should be its address is none. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** Where a destination is. */
export interface Address {
  readonly origin: string;
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
  return { origin: parsed.origin, path: parsed.pathname + parsed.search };
}
