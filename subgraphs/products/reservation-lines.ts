import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badUserInput } from '../errors.ts';

/** So many of one product. */
export interface WantedLine {
  /** In lower case; not necessarily a UUID. */
  readonly productId: string;
  readonly quantity: number;
}

/** What a reservation is called: printable and without spaces; a hundred characters, which is what the router takes as one part of a path. */
export const orderKey = z.string().regex(/^[\x21-\x7e]{1,100}$/);

const line = z.object({
  productId: z.string().min(1).max(100),
  quantity: z.int().min(1).max(100_000),
});
const reservationBody = z.strictObject({ lines: z.array(line).min(1).max(200) });

/** Reads the body of a reservation; lines of the same product are added up. @throws a coded BAD_USER_INPUT */
export function readReservationBody(body: unknown): WantedLine[] {
  const result = reservationBody.safeParse(body);
  if (result.success) return addUp(result.data.lines);
  const issue = result.error.issues.at(0);
  const path = issue?.path.join('.') ?? '';
  throw badUserInput(path === '' ? 'body' : path, `is not valid: ${issue?.message ?? 'unknown'}`);
}

/** One line for each product, by its id: one order in which all lock what they need, so that nobody waits in a circle. */
export function addUp(lines: readonly WantedLine[]): WantedLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    const id = productId.toLowerCase();
    quantities.set(id, (quantities.get(id) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((one, other) => (one.productId < other.productId ? -1 : 1));
}

/** Tells whether a request is the same as before. */
export function toRequestHash(lines: readonly WantedLine[]): string {
  const text = lines.map(({ productId, quantity }) => `${productId}:${quantity}`).join(',');
  return createHash('sha256').update(text).digest('base64url');
}
