import { GatewayError } from '../errors.ts';
import { publishRateLimitEvent } from './rate-limit/rate-limit-events.ts';

/** @throws {GatewayError} `RATE_LIMITED` when an address asks too often */
export type BoundAddress = (address: string) => void;

/**
 * Makes the function that bounds what one address may ask of this process in each second, before anything is read: one look into a
 * map. What it knows it forgets with the second, so that it holds no more addresses than requests can come in one.
 *
 * @param most requests in a second; 0 for no bound
 * @param now milliseconds of a clock that only goes forward
 */
export function createAddressBound(
  most: number,
  now: () => number = () => performance.now(),
): BoundAddress | undefined {
  if (most === 0) return undefined;
  let second = 0;
  let counts = new Map<string, number>();
  return (address) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) {
      second = current;
      counts = new Map();
    }
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    if (count <= most) return;
    publishRateLimitEvent({ kind: 'address refused' });
    throw new GatewayError('RATE_LIMITED', `The gateway takes ${most} requests in a second from one address.`, {
      extensions: { rule: 'address', limit: most, windowS: 1, unit: 'requests', retryAfterS: 1 },
      headers: { 'retry-after': '1' },
    });
  };
}
