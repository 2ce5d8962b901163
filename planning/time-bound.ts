import { createContext, Script } from 'node:vm';

const script = new Script('run()');

/**
 * Runs what may never end, in this thread, and stops it when it has taken this long. What it was changing stays half done.
 *
 * @returns `undefined` when it was stopped
 * @throws what it throws
 */
export function runWithin<Result>(milliseconds: number, run: () => Result): Result | undefined {
  const context = createContext({ run });
  try {
    return script.runInContext(context, { timeout: Math.ceil(milliseconds) }) as Result;
  } catch (error) {
    // Made in the other context: it is no instance of this one's `Error`.
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
