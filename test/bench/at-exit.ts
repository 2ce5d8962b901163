/** What has to be undone however this process ends, Ctrl-C included: children that stand still would stay for ever. */

const actions = new Set<() => void>();

process.once('exit', () => {
  // The last that was begun is the first to be undone: processes before the folders that they use.
  for (const action of [...actions].reverse()) {
    try {
      action();
    } catch (error) {
      // What remains has to be undone all the same.
      console.error(error instanceof Error ? error.message : error);
    }
  }
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** Registers what undoes something, synchronously. Calling the result does it now, and only once. */
export function atExit(action: () => void): () => void {
  actions.add(action);
  return () => {
    if (actions.delete(action)) action();
  };
}
