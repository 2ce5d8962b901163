import { createHash } from 'node:crypto';

/** What REST services of the benchmark give and get: letters, always the same of one length, so that both sides know them. */

const LINE = 'A body goes by as it comes, in both directions, however large it is; what arrives is what was sent.\n';
/** As much as is sent at once. */
const PIECE = Buffer.from(LINE.repeat(656)).subarray(0, 65_536);

/** So many bytes, in pieces. */
export function* pieces(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= PIECE.length) yield left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
}

/** So many bytes at once. */
export const bytesOf = (size: number): Buffer => Buffer.concat([...pieces(size)]);

/** What the service says of so many that it was sent. */
export function receiptOf(size: number): string {
  const hash = createHash('sha256');
  for (const piece of pieces(size)) hash.update(piece);
  return JSON.stringify({ length: size, sha256: hash.digest('hex') });
}
