const BLOCK = 512;

/** A file for an archive. */
export interface ArchivedFile {
  /** 100 bytes at most. */
  readonly name: string;
  /** Unix permissions. */
  readonly mode: number;
  readonly content: Buffer;
}

/**
 * A tar archive (POSIX.1-1988, "ustar") of plain files. Modification times are 0, so that the same files give the same bytes.
 *
 * @throws {TypeError} for a name that does not fit
 */
export function toTar(files: readonly ArchivedFile[]): Buffer {
  const blocks = files.flatMap((file) => [header(file), file.content, padding(file.content.length)]);
  // The end of an archive is two empty blocks.
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ name, mode, content }: ArchivedFile): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (block.write(name, 0, 100, 'utf8') !== Buffer.byteLength(name)) {
    throw new TypeError(`The name "${name}" is longer than the 100 bytes of a tar header.`);
  }
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(content.length, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum counts itself as spaces.
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
}
