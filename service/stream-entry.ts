import { z } from 'zod';
import type { DomainEvent } from './events.ts';

/** One entry of a Redis stream. */
export interface StreamEntry {
  /** `milliseconds-sequence`, given by Redis. */
  readonly id: string;
  /** Names and values, one after the other. */
  readonly fields: readonly string[];
}

const eventFields = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  occurredAt: z.iso.datetime(),
  data: z.string(),
});

/** The fields that an event travels in. What has no JSON form (`undefined`, a function) travels as null. */
export function toFields({ id, type, occurredAt, data }: DomainEvent): string[] {
  return ['id', id, 'type', type, 'occurredAt', occurredAt, 'data', JSON.stringify(data) ?? 'null'];
}

/** Reads an event back. @throws {TypeError} when it is none */
export function readEvent(fields: readonly string[]): DomainEvent {
  const pairs = fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]] as const] : []));
  const read = eventFields.safeParse(Object.fromEntries(pairs));
  if (!read.success)
    throw new TypeError(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { data, ...event } = read.data;
  return { ...event, data: JSON.parse(data) as unknown };
}
