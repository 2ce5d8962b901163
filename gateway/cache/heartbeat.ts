export interface Heartbeat {
  /** Somebody has use for it now. @param at by the same clock */
  touch(at: number): void;
  close(): void;
}

export interface HeartbeatOptions {
  /** In milliseconds; 0 for never. */
  readonly everyMs: number;
  readonly isDue: () => boolean;
  readonly beat: () => Promise<void>;
  readonly now: () => number;
}

/** For how many beats it goes on after it was last of use. */
const BEATS_UNUSED = 30;

/** Does something again and again while somebody has use for it. It keeps no process alive, and needs no luck: failures are others' to tell. */
export function createHeartbeat({ everyMs, isDue, beat, now }: HeartbeatOptions): Heartbeat {
  let usedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function run(): Promise<void> {
    if (isDue()) await beat().catch(() => undefined);
    if (isClosed || now() - usedAt > everyMs * BEATS_UNUSED) timer = undefined;
    else timer = setTimeout(() => void run(), everyMs).unref();
  }

  return {
    touch: (at) => {
      usedAt = at;
      if (timer === undefined && everyMs > 0 && !isClosed) timer = setTimeout(() => void run(), everyMs).unref();
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
