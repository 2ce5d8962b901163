/** How many keys are remembered, at most: a power of two. */
const SLOTS = 2 ** 16;

/**
 * Makes the function that tells, by its hash, whether a key was asked of it before, and takes note of it. It remembers the latest of those
 * whose hashes fall into one slot, so it forgets with time; that two keys have one hash costs nothing but memory.
 */
export function createAskedBefore(): (hash: number) => boolean {
  const hashes = new Uint32Array(SLOTS);
  return (hash) => {
    const slot = hash & (SLOTS - 1);
    if (hashes[slot] === hash) return true;
    hashes[slot] = hash;
    return false;
  };
}
