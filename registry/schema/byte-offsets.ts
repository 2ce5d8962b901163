const STEP = 4_096;

/**
 * From a place in a text, in UTF-16 code units as JavaScript counts, to its offset in bytes of UTF-8. A place at the end becomes that of
 * the last character, because rover breaks down on an offset that is not strictly inside the text.
 */
export function createByteOffsets(text: string): (index: number) => number {
  const known = [0];
  const last = isLow(text, text.length - 1) ? text.length - 2 : text.length - 1;

  function bytesUntil(index: number): number {
    const step = Math.floor(index / STEP);
    for (let next = known.length; next <= step; next++) {
      known.push((known[next - 1] ?? 0) + Buffer.byteLength(text.slice(startOf(next - 1), startOf(next))));
    }
    return (known[step] ?? 0) + Buffer.byteLength(text.slice(startOf(step), index));
  }

  /** A step never begins within a character of two code units. */
  function startOf(step: number): number {
    return isLow(text, step * STEP) ? step * STEP - 1 : step * STEP;
  }

  return (index) => bytesUntil(Math.max(0, Math.min(index, last)));
}

function isLow(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
