import { GatewayError } from '../errors.ts';
import { createFlights, type Flights, LATE, type Waiter } from '../upstream/flights.ts';
import { toSharingKey } from '../upstream/sharing-key.ts';
import type { CompiledOperation } from './compile.ts';
import type { Executed } from './execute.ts';
import type { Json } from './own.ts';

/** Everything that the answer to a query depends on, besides the data. */
export interface Shareable {
  readonly operation: CompiledOperation;
  /** As the client sent them. */
  readonly variables: Json;
  /** All that go to subgraphs: the identity of the client is among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ShareOptions {
  /** Raised when a mutation has ended, and by a purge: who asks afterwards does not join what began before. */
  readonly epoch: () => number;
  /**
   * How long an execution can be joined. `first reply`: as long as its first calls are under way, when who joins would have
   * joined these calls anyway; what comes back is then parsed, put together and written once for all. `answer`: to its end.
   */
  readonly until: 'first reply' | 'answer';
}

/** Runs an execution, or joins one. `onReply` is to be called when a subgraph has answered. */
export type Share<T extends Executed = Executed> = (
  shareable: Shareable,
  waiter: Waiter & { readonly signal: AbortSignal },
  run: (signal: AbortSignal, onReply: () => void) => Promise<T>,
) => Promise<T>;

/**
 * Makes the function by which equal queries in flight share one execution and one answer. Each client can leave, and has its own time; the
 * execution is cancelled when all have left. Who joined one in which the time of a subgraph ran out asks once more, with a full
 * deadline, together with the others that joined; who has no time left runs it alone, and has what can be had in none.
 */
export function createShare<T extends Executed>({ epoch, until }: ShareOptions): Share<T> {
  const byOperation = new WeakMap<CompiledOperation, Flights<T>>();

  function flightsOf(operation: CompiledOperation): Flights<T> {
    let flights = byOperation.get(operation);
    if (flights === undefined) {
      flights = createFlights(() => new GatewayError('REQUEST_CANCELLED', 'The request was cancelled.'));
      byOperation.set(operation, flights);
    }
    return flights;
  }

  return async ({ operation, variables, headers }, waiter, run) => {
    const flights = flightsOf(operation);
    const join = () =>
      flights.join(`${epoch()} ${toSharingKey(headers)} ${JSON.stringify(variables)}`, waiter, (flight) =>
        run(flight.signal, until === 'first reply' ? flight.close : () => {}),
      );
    const { answer, wasUnderWay } = join();
    if (!wasUnderWay) return answer;
    try {
      const executed = await answer;
      return executed.errors.some(isTimeout) ? await join().answer : executed;
    } catch (error) {
      if (error === LATE) return await run(waiter.signal, () => {});
      throw error;
    }
  };
}

/** Each runs its own. */
export function doNotShare<T extends Executed>(...[, waiter, run]: Parameters<Share<T>>): Promise<T> {
  return run(waiter.signal, () => {});
}

function isTimeout({ extensions }: Executed['errors'][number]): boolean {
  return extensions.code === 'SUBGRAPH_TIMEOUT';
}
