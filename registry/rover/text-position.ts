/** A place in a text, as rover takes it: bytes (UTF-8) from 0, line and column from 1. */
export interface TextPosition {
  readonly byteOffset: number;
  readonly line: number;
  readonly column: number;
}

/** Tells places in one text by their bytes. Columns count characters as editors do, in UTF-16. */
export function createLocator(text: string): (byteOffset: number) => TextPosition {
  const bytes = Buffer.from(text);
  const lineStarts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lineStarts.push(at + 1);

  return (byteOffset) => {
    let line = lineStarts.length;
    while ((lineStarts[line - 1] ?? 0) > byteOffset) line--;
    const column = bytes.toString('utf8', lineStarts[line - 1] ?? 0, byteOffset).length + 1;
    return { byteOffset, line, column };
  };
}
