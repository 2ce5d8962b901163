/** Work in the background that takes the place of something stale: for each key once at a time, whoever asks for it meanwhile. */
export interface Refreshes {
  /**
   * Begins it for those of the keys for which none is under way. What it fails with is nobody's: what is stale stays, until it is over.
   *
   * @param work is given the keys that it is for
   */
  begin(keys: readonly string[], work: (due: ReadonlySet<string>) => Promise<unknown>): void;
}

export function createRefreshes(): Refreshes {
  const underWay = new Set<string>();
  return {
    begin: (keys, work) => {
      const due = new Set(keys.filter((key) => !underWay.has(key)));
      if (due.size === 0) return;
      for (const key of due) underWay.add(key);
      work(due)
        .catch(() => undefined)
        .finally(() => {
          for (const key of due) underWay.delete(key);
        });
    },
  };
}
