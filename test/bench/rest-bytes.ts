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

/** What a service says of what it was sent. */
export function receiptOf(sent: Iterable<Buffer>): string {
  const receipt = createReceipt();
  for (const piece of sent) receipt.add(piece);
  return receipt.text();
}

/** Counts and hashes what comes. */
export function createReceipt(): { add(piece: Buffer): void; text(): string } {
  const hash = createHash('sha256');
  let length = 0;
  return {
    add: (piece) => {
      length += piece.length;
      hash.update(piece);
    },
    text: () => JSON.stringify({ length, sha256: hash.digest('hex') }),
  };
}
