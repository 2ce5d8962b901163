/** Work in flight for which several may wait. */
export interface Flights<T> {
  /**
   * Joins the flight under a key, or begins one.
   *
   * Each who waits can leave by their own signal; the flight's signal is aborted when the last one has left.
   */
  join(key: string, signal: AbortSignal | undefined, begin: (flight: Flight) => Promise<T>): Joined<T>;
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
  waiting: number;
}

/** @param toCancelled makes the error for who leaves */
export function createFlights<T>(toCancelled: () => Error): Flights<T> {
  const flights = new Map<string, Open<T>>();

  function take(key: string, begin: (flight: Flight) => Promise<T>): Open<T> {
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
    const open: Open<T> = { answer: begin({ signal: controller.signal, close }), abort, waiting: 0 };
    if (!isClosed) flights.set(key, open);
    open.answer.then(close, close);
    return open;
  }

  function wait(open: Open<T>, signal: AbortSignal | undefined): Promise<T> {
    const { answer, abort } = open;
    open.waiting++;
    if (signal === undefined) return answer;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--open.waiting === 0) abort();
        reject(toCancelled());
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave);
      const stay = () => signal.removeEventListener('abort', leave);
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
    join: (key, signal, begin) => {
      const found = flights.get(key);
      const open = found ?? take(key, begin);
      return { answer: wait(open, signal), wasUnderWay: found !== undefined };
    },
  };
}
