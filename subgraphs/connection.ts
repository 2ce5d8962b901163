import type { z } from 'zod';
import { badUserInput } from './errors.ts';

/**
 * Cursor connections (the GraphQL Cursor Connections Specification), forwards, by keyset: a cursor holds the values that
 * the rows are ordered by, so that a page costs the same wherever it is, and rows that come or go meanwhile make no other
 * row appear twice or never. The order must be total: end it with the id. Timestamps in it need `precision: 3`, because a
 * `Date` has no microseconds.
 */

/** The part of a list that was asked for. Query one row more than `first`: it tells whether there is a next page. */
export interface Page<Key> {
  readonly first: number;
  /** The key after which the page begins. */
  readonly after: Key | undefined;
}

export interface Edge<Node> {
  readonly node: Node;
  readonly cursor: string;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<Node> {
  /** Mutable only in name, because the generated types of resolvers ask for it. */
  readonly edges: Edge<Node>[];
  readonly pageInfo: PageInfo;
}

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface PageLimits {
  /** When `first` is null or missing. 20 by default. */
  readonly usual?: number;
  /** 100 by default. */
  readonly maximum?: number;
}

/**
 * Reads the arguments of a connection.
 *
 * @param key what a cursor holds: `z.tuple([z.iso.datetime(), z.uuid()])`
 * @throws a coded BAD_USER_INPUT for a `first` out of bounds and an `after` that is not a cursor of this connection
 */
export function readPage<Key>(
  { first, after }: PageArguments,
  key: z.ZodType<Key>,
  { usual = 20, maximum = 100 }: PageLimits = {},
): Page<Key> {
  return {
    first: readFirst({ first }, { usual, maximum }),
    after: after === null || after === undefined ? undefined : readCursor(after, key),
  };
}

/** Reads the length of a list that has no cursors. @throws a coded BAD_USER_INPUT when it is out of bounds */
export function readFirst(
  { first }: Pick<PageArguments, 'first'>,
  { usual = 20, maximum = 100 }: PageLimits = {},
): number {
  const length = first ?? usual;
  if (Number.isInteger(length) && length >= 1 && length <= maximum) return length;
  throw badUserInput('first', `must be between 1 and ${maximum}.`);
}

/**
 * Makes a connection of the rows found: up to `first` + 1 of them, in order.
 *
 * @param keyOf the values that the rows are ordered by, as JSON: what `readPage` will find in a cursor
 */
export function toConnection<Node>(
  rows: readonly Node[],
  page: Page<unknown>,
  keyOf: (row: Node) => readonly (string | number)[],
): Connection<Node> {
  const edges = rows.slice(0, page.first).map((node) => ({ node, cursor: toCursor(keyOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function toCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readCursor<Key>(cursor: string, key: z.ZodType<Key>): Key {
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badUserInput('after', 'must be a cursor that this list gave you (`endCursor` or an edge’s `cursor`).');
  }
}
