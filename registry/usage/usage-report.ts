import { hash as digest } from 'node:crypto';
import { z } from 'zod';

/** Bounds of one report: what exceeds them is refused whole. */
export const REPORT_BOUNDS = {
  operations: 5_000,
  counts: 20_000,
  /** Characters of an operation. */
  body: 100_000,
  /** Of an operation, in one report and in all of them together. */
  coordinates: 10_000,
  /** Characters of what a client calls itself. */
  clientName: 200,
} as const;

const HASH = /^[\da-f]{64}$/;
/** Schema coordinates (GraphQL, "Schema Coordinates"): names alone can stand in them, and so no value. */
const COORDINATE = /^@?[A-Za-z_]\w{0,254}(\.[A-Za-z_]\w{0,254})?(\([A-Za-z_]\w{0,254}:\))?$/;

/** What Postgres takes: a text without the character 0. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\u0000'), { error: 'has the character 0' })
    // Halves of characters are all the same to Postgres: two clients would be one, twice in one statement.
    .transform((value) => value.toWellFormed());

const operation = z
  .object({
    hash: z.string().regex(HASH),
    name: z
      .string()
      .regex(/^[A-Za-z_]\w{0,254}$/)
      .nullable(),
    body: text(REPORT_BOUNDS.body),
    coordinates: z.array(z.string().regex(COORDINATE)).max(REPORT_BOUNDS.coordinates),
  })
  // Else a text could be put under the hash of another.
  .refine(({ hash, body }) => digest('sha256', body) === hash, { path: ['hash'], error: 'is not that of the body' });

const count = z.object({
  hash: z.string().regex(HASH),
  day: z.iso.date(),
  client: z.object({ name: text(REPORT_BOUNDS.clientName), version: text(REPORT_BOUNDS.clientName) }),
  count: z.int().min(1).max(1_000_000_000),
});

/** A report of a gateway as it comes: which version it runs, and what ran there. */
export const usageReportSchema = z.object({
  /** One that is sent again has the same, and is counted once. */
  id: z.uuid(),
  graph: text(64),
  variant: text(64),
  gateway: z.object({ instance: z.uuid(), supergraph: text(500).nullable() }),
  operations: z.array(operation).max(REPORT_BOUNDS.operations),
  counts: z.array(count).max(REPORT_BOUNDS.counts),
});

export type UsageReport = z.infer<typeof usageReportSchema>;
