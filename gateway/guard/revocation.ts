import { z } from 'zod';
import { API_KEY_ISSUER } from '../authentication-config.ts';

/** What is revoked before its time, in the body of `POST /revoke`. */
export type Revocation =
  /** One token (RFC 7519, 4.1.7); of API keys, `jti` is the SHA-256 of the key. */
  | { readonly issuer: string; readonly jti: string }
  /** All tokens of a subject that were issued before a time, in seconds since the epoch. */
  | { readonly issuer: string; readonly subject: string; readonly issuedBefore: number };

/** Something that is no list of revocations; the message names the item by its place in the list, and its field. */
export class RevocationError extends Error {
  override readonly name = 'RevocationError';
}

const MOST_ITEMS = 1_000;
/** By how much the clock of who revokes may be ahead, in seconds. */
const MOST_AHEAD_S = 60;
const SHA_256 = /^[0-9a-f]{64}$/i;

const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
  .min(1, 'must not be empty')
  .max(1_000, 'must have at most 1000 characters');

const ofToken = z.strictObject({ issuer: text, jti: text }, 'must be an object');
const ofSubject = z.strictObject(
  {
    issuer: text,
    subject: text,
    issuedBefore: z.number('must be seconds since the epoch').min(0, 'must not be negative').exactOptional(),
  },
  'must be an object',
);

/**
 * Reads a list of revocations.
 *
 * @param issuers those whose tokens are accepted: what names another one would revoke nothing
 * @param now epoch milliseconds. Without `issuedBefore` all is meant that was issued until now.
 * @throws {RevocationError}
 */
export function readRevocations(value: unknown, issuers: ReadonlySet<string>, now: number): readonly Revocation[] {
  if (!Array.isArray(value)) throw new RevocationError('This must be a list: [{ "issuer": "…", "jti": "…" }, …].');
  if (value.length > MOST_ITEMS) throw new RevocationError(`The list must have at most ${MOST_ITEMS} items.`);
  return value.map((item: unknown, index) => {
    const has = (field: string) => field in Object(item);
    if (has('issuer') && !has('jti') && !has('subject'))
      throw new RevocationError(`Item ${index}: jti or subject is missing: one token, or all of somebody.`);
    const read = (has('jti') ? ofToken : ofSubject).safeParse(item);
    if (!read.success) throw new RevocationError(`Item ${index}: ${read.error.issues.map(explain).join('; ')}.`);
    const { data } = read;
    const fault = findFault(data, issuers, now / 1_000);
    if (fault !== undefined) throw new RevocationError(`Item ${index}: ${fault}.`);
    if ('jti' in data) return data.issuer === API_KEY_ISSUER ? { ...data, jti: data.jti.toLowerCase() } : data;
    // Tokens say whole seconds: those of the one that is under way are meant, too.
    return { issuedBefore: Math.floor(now / 1_000) + 1, ...data };
  });
}

/** What would void nothing, or what nobody means. */
function findFault(
  data: z.infer<typeof ofToken> | z.infer<typeof ofSubject>,
  issuers: ReadonlySet<string>,
  nowS: number,
): string | undefined {
  if (!issuers.has(data.issuer)) return `issuer must be one of ${[...issuers].join(', ')}`;
  // By its name, a key that takes the place of a lost one would be void as well.
  if (data.issuer === API_KEY_ISSUER && !('jti' in data && SHA_256.test(data.jti)))
    return 'an API key is revoked by its SHA-256, in 64 hexadecimal digits, as jti';
  // Such as one in milliseconds: it would void what is issued from now on, too.
  if ('subject' in data && (data.issuedBefore ?? 0) > nowS + MOST_AHEAD_S)
    return 'issuedBefore must not be in the future: it is in seconds since the epoch';
  return undefined;
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.')} ${issue.message}`.trim();
  return `${issue.keys.join(', ')} cannot be there; the fields are issuer and jti, or issuer, subject and issuedBefore`;
}
