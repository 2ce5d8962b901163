/** How long somebody may take for one piece of work. */
export interface WorkClock {
  /** The work begins; it has the whole time again. */
  start(): void;
  /** Others are to do something first. */
  stop(): void;
  /** There is no more to do. */
  close(): void;
}

/** Makes one that is not running. @param onTimeUp called when the work was not done in time */
export function createWorkClock(ms: number, onTimeUp: () => void): WorkClock {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  const look = () => {
    if (isRunning) onTimeUp();
  };
  return {
    // One timer for all pieces: a large body has many thousand.
    start: () => {
      isRunning = true;
      if (timer === undefined) timer = setTimeout(look, Math.max(0, ms));
      else timer.refresh();
    },
    stop: () => {
      isRunning = false;
    },
    close: () => {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}
