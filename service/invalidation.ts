import { z } from 'zod';

/**
 * What is void of that which caches keep: in the body of `POST /invalidate` of a gateway, and in events of services
 * whose data changed. A part of what is in an answer is enough to void the whole answer.
 */
export type Invalidation =
  /** Everything that a subgraph answered. */
  | { readonly kind: 'subgraph'; readonly subgraph: string }
  /** Everything that an object of this type may be in; of one subgraph, or of all. */
  | { readonly kind: 'type'; readonly subgraph?: string | undefined; readonly type: string }
  /**
   * Everything that this entity may be in. `key` has the fields of one of its keys, and no others. `subgraph` tells who changed
   * it; answers of others with this entity are void as well.
   */
  | { readonly kind: 'entity'; readonly subgraph?: string | undefined; readonly type: string; readonly key: EntityKey }
  /** Everything with this tag, from `@cacheTag` or from the extensions of an answer. */
  | { readonly kind: 'tag'; readonly tag: string };

/** The fields of a key with their values; a field of objects has the fields below it: `{ id: '7', org: { id: '1' } }`. */
export interface EntityKey {
  readonly [field: string]: string | number | boolean | EntityKey;
}

/** The type of the event by which a service tells what it changed; its data are `{ invalidations: [ … ] }`. */
export const INVALIDATED = 'cache.invalidated';

/** Something that is no list of invalidations; the message names the item by its place in the list, and its field. */
export class InvalidationError extends Error {
  override readonly name = 'InvalidationError';
}

/** Who has more to say is better off with a subgraph, a type, or a tag. */
const MOST_ITEMS = 1_000;
const LONGEST_TEXT = 1_000;
const TOO_LONG = `must have at most ${LONGEST_TEXT} characters`;

const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
  .min(1, 'must not be empty')
  .max(LONGEST_TEXT, TOO_LONG);

const entityKey: z.ZodType<EntityKey> = z
  .record(
    text,
    z.union([z.string().max(LONGEST_TEXT, TOO_LONG), z.number(), z.boolean(), z.lazy(() => entityKey)], {
      error: 'must be text, a number, true, false, or an object of these',
    }),
    {
      error: ({ input }) =>
        input === undefined ? 'is missing' : 'must be an object: the fields of a key and their values',
    },
  )
  .refine((key) => Object.keys(key).length > 0, 'must have the fields of a key');

const KINDS = {
  subgraph: z.strictObject({ kind: z.literal('subgraph'), subgraph: text }),
  type: z.strictObject({ kind: z.literal('type'), subgraph: text.optional(), type: text }),
  entity: z.strictObject({ kind: z.literal('entity'), subgraph: text.optional(), type: text, key: entityKey }),
  tag: z.strictObject({ kind: z.literal('tag'), tag: text }),
} as const;

/** Reads a list of invalidations. @throws {InvalidationError} */
export function readInvalidations(value: unknown): readonly Invalidation[] {
  if (!Array.isArray(value)) throw new InvalidationError('This must be a list: [{ "kind": "tag", "tag": "…" }, …].');
  if (value.length > MOST_ITEMS) throw new InvalidationError(`The list must have at most ${MOST_ITEMS} items.`);
  return value.map(readInvalidation);
}

/** Reads the data of an event `cache.invalidated`. @throws {InvalidationError} */
export function readInvalidatedData(data: unknown): readonly Invalidation[] {
  const { invalidations } = Object(data) as { readonly invalidations?: unknown };
  return readInvalidations(invalidations);
}

function readInvalidation(item: unknown, index: number): Invalidation {
  const { kind } = Object(item) as { readonly kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    const what = kind === undefined ? 'no kind' : `an unknown kind, ${JSON.stringify(kind)?.slice(0, 60)}`;
    throw new InvalidationError(`Item ${index} has ${what}; the kinds are ${Object.keys(KINDS).join(', ')}.`);
  }
  const read = KINDS[kind as Invalidation['kind']].safeParse(item);
  if (read.success) return read.data;
  throw new InvalidationError(`Item ${index}: ${read.error.issues.map((issue) => explain(issue, kind)).join('; ')}.`);
}

function explain(issue: z.core.$ZodIssue, kind: string): string {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `${path} ${issue.message}`;
  const fields = Object.keys(KINDS[kind as Invalidation['kind']].shape).join(', ');
  return `${issue.keys.join(', ')} cannot be there; the fields of kind "${kind}" are ${fields}`;
}
