import { z } from 'zod';
import { badUserInput } from '../errors.ts';

/** In UTF-16 code units. */
export const LONGEST_PASSWORD = 256;

/** What may be said about an account, and how long it may be. */
const FIELDS = {
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty.')
    .max(100, 'must have at most 100 characters.')
    .regex(/^\P{Cc}*$/u, 'must have no control characters.'),
  email: z
    .string()
    .trim()
    .max(254, 'must have at most 254 characters.')
    .pipe(z.email('must be an email address, such as ada@example.com.')),
  password: z
    .string()
    .min(12, 'must have at least 12 characters.')
    .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters.`),
};

/** Reads one field of an account as the caller gave it. @throws a coded BAD_USER_INPUT that says what is wrong with it */
export function readAccountField(field: keyof typeof FIELDS, value: string): string {
  const result = FIELDS[field].safeParse(value);
  if (result.success) return result.data;
  throw badUserInput(field, result.error.issues.at(0)?.message ?? 'is not valid.');
}
