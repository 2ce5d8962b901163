/** Work that is put down now and then (`yield`), so that others can have their turn. */
export type Sliced<Result> = Generator<undefined, Result, undefined>;

interface Waiting {
  /** Does a slice. @returns whether it was the last */
  next(): boolean;
}

/** What has more to do. Each has a slice in turn. */
const waiting: Waiting[] = [];

/** Does all of it now. */
export function runThrough<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the first slice now, and gives the result if that was all. The rest is done a slice at a time: one of all such work in each turn
 * of the event loop, so that whoever waits for that waits for one slice.
 */
export function runInTurns<Result>(work: Sliced<Result>): Result | Promise<Result> {
  const step = work.next();
  if (step.done) return step.value;
  return new Promise((resolve, reject) => {
    waiting.push({
      next: () => {
        try {
          const { done, value } = work.next();
          if (done) resolve(value);
          return done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      },
    });
    if (waiting.length === 1) setImmediate(takeTurn);
  });
}

function takeTurn(): void {
  const first = waiting.shift();
  if (first !== undefined && !first.next()) waiting.push(first);
  if (waiting.length > 0) setImmediate(takeTurn);
}
