import { GatewayError } from '../errors.ts';

/**
 * Does work for a client, unless enough of that client is under way.
 *
 * @throws {GatewayError} `TOO_MANY_CONCURRENT_REQUESTS` as a rejection, before anything is done
 */
export type LimitConcurrency = <Result>(client: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Makes the function that counts, in this process. Who waits for a thousand answers at once keeps memory and subgraphs busy
 * however slowly it asks, which no rate says.
 */
export function createConcurrencyLimit(most: number): LimitConcurrency {
  const underWay = new Map<string, number>();
  return async (client, work) => {
    const count = (underWay.get(client) ?? 0) + 1;
    if (count > most) throw tooMany(count, most);
    underWay.set(client, count);
    try {
      return await work();
    } finally {
      const left = (underWay.get(client) ?? 1) - 1;
      if (left === 0) underWay.delete(client);
      else underWay.set(client, left);
    }
  };
}

function tooMany(value: number, bound: number): GatewayError {
  const limit = 'http.maxConcurrentRequests';
  return new GatewayError(
    'TOO_MANY_CONCURRENT_REQUESTS',
    `More requests of this client are under way than ${limit}: ${value}, allowed are ${bound}. Wait for answers before asking for more.`,
    { extensions: { limit, value, bound } },
  );
}
