/** Work in flight for which several may wait. */
export interface Flights<T> {
  /**
   * Joins the flight under a key, or begins one.
   *
   * Each who waits can leave by their own signal, and leaves when their time is up; the flight's signal is aborted when the last one has
   * left. Whoever begins it sees to it that it ends in their own time.
   */
  join(key: string, waiter: Waiter, begin: (flight: Flight) => Promise<T>): Joined<T>;
}

/** Who waits for a flight. */
export interface Waiter {
  readonly signal?: AbortSignal | undefined;
  /** When their time is up, by `performance.now()`. */
  readonly deadline?: number | undefined;
}

/** A flight as who begins it sees it. */
export interface Flight {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** From now on nobody joins; who waits goes on waiting. */
  close(): void;
}

export interface Joined<T> {
  readonly answer: Promise<T>;
  /** Whether it had begun before: part of its time was up already. */
  readonly wasUnderWay: boolean;
}

interface Open<T> {
  readonly answer: Promise<T>;
  /** Nobody waits any more, and nobody joins. */
  readonly abort: () => void;
  /** That of who began it. */
  readonly deadline: number;
  waiting: number;
}

/** What who waits gets when their time is up, and the flight goes on. */
export const LATE = new Error('the time of who waits for a flight is up');

/** @param toCancelled makes the error for who leaves */
export function createFlights<T>(toCancelled: () => Error): Flights<T> {
  const flights = new Map<string, Open<T>>();

  function take(key: string, deadline: number, begin: (flight: Flight) => Promise<T>): Open<T> {
    const controller = new AbortController();
    let isClosed = false;
    const close = () => {
      if (isClosed) return;
      isClosed = true;
      // Closed before it could be joined: another may already be under this key.
      if (flights.get(key) === open) flights.delete(key);
    };
    const abort = () => {
      close();
      controller.abort();
    };
    const open: Open<T> = { answer: begin({ signal: controller.signal, close }), abort, deadline, waiting: 0 };
    if (!isClosed) flights.set(key, open);
    open.answer.then(close, close);
    return open;
  }

  function wait(open: Open<T>, signal: AbortSignal | undefined, deadline: number): Promise<T> {
    const { answer, abort } = open;
    open.waiting++;
    const isEarlier = deadline < open.deadline;
    if (signal === undefined && !isEarlier) return answer;
    return new Promise((resolve, reject) => {
      const stay = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      };
      const leaveFor = (reason: Error) => {
        stay();
        if (--open.waiting === 0) abort();
        reject(reason);
      };
      const leave = () => leaveFor(toCancelled());
      const timer = isEarlier
        ? setTimeout(leaveFor, Math.max(1, Math.ceil(deadline - performance.now())), LATE)
        : undefined;
      if (signal?.aborted === true) return leave();
      signal?.addEventListener('abort', leave);
      answer.then(
        (value) => {
          stay();
          resolve(value);
        },
        (error: unknown) => {
          stay();
          reject(error);
        },
      );
    });
  }

  return {
    join: (key, { signal, deadline = Number.POSITIVE_INFINITY }, begin) => {
      const found = flights.get(key);
      const open = found ?? take(key, deadline, begin);
      return { answer: wait(open, signal, deadline), wasUnderWay: found !== undefined };
    },
  };
}
