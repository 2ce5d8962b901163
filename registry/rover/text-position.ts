/** A place in a text, as rover takes it: bytes (UTF-8) from 0, line and column from 1. */
export interface TextPosition {
  readonly byteOffset: number;
  readonly line: number;
  readonly column: number;
}

const STEP = 4_096;

/**
 * Tells places in one text by their bytes. Columns count characters as editors do, in UTF-16.
 *
 * A text of megabytes may be one line: what is counted once is remembered in steps, or a thousand places in it would take seconds.
 */
export function createLocator(text: string): (byteOffset: number) => TextPosition {
  const bytes = Buffer.from(text);
  const lineStarts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lineStarts.push(at + 1);
  /** How many units of UTF-16 are before the beginning of each step. */
  const known = [0];

  function unitsUntil(byteOffset: number): number {
    const step = Math.floor(byteOffset / STEP);
    for (let next = known.length; next <= step; next++) {
      known.push((known[next - 1] ?? 0) + bytes.toString('utf8', startOf(next - 1), startOf(next)).length);
    }
    return (known[step] ?? 0) + bytes.toString('utf8', startOf(step), byteOffset).length;
  }

  /** A step never begins within a character: bytes that go on with one are 10xxxxxx. */
  function startOf(step: number): number {
    let at = step * STEP;
    while (((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
    return at;
  }

  function lineOf(byteOffset: number): number {
    let [low, high] = [1, lineStarts.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle - 1] ?? 0) <= byteOffset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return (byteOffset) => {
    const line = lineOf(byteOffset);
    return { byteOffset, line, column: unitsUntil(byteOffset) - unitsUntil(lineStarts[line - 1] ?? 0) + 1 };
  };
}
