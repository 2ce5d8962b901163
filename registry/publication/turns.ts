/** Lets those who want the same thing go one after the other. */
export interface Turns {
  /** Does some work when all that came before it for this name is done. */
  take<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(name, work) {
      const turn = (last.get(name) ?? Promise.resolve()).then(work);
      // The next one goes on, however this one ends.
      const ended = turn
        .catch(() => undefined)
        .then(() => {
          if (last.get(name) === ended) last.delete(name);
        });
      last.set(name, ended);
      return turn;
    },
  };
}
