export interface QuietOptions {
  /** How long things of one kind are counted instead of told, in milliseconds. */
  readonly quietMs: number;
  readonly now: () => number;
}

interface Count {
  readonly since: number;
  more: number;
}

/**
 * Decides what to tell of things that happen with each request: the first of a kind, and the next one after a while.
 *
 * @returns to be asked each time: whether to tell it, and then how many there were since the last one was told
 */
export function createQuiet({ quietMs, now }: QuietOptions): (kind: string) => { readonly since: number } | undefined {
  const counts = new Map<string, Count>();
  return (kind) => {
    const count = counts.get(kind);
    if (count !== undefined && now() - count.since < quietMs) {
      count.more++;
      return undefined;
    }
    counts.set(kind, { since: now(), more: 0 });
    return { since: count?.more ?? 0 };
  };
}
