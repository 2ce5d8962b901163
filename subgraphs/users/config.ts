import { z } from 'zod';
import { serviceConfig } from '../service.ts';

const base = serviceConfig(4101);

/** RFC 6749 §3.3 */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope without spaces, such as stock:reserve');

/** The options of users. */
export const usersConfig = base.extend({
  token: base.shape.token
    .unwrap()
    .extend({
      accessTtlS: z.int().min(10).max(3_600).default(900).describe('How long an access token is valid, in seconds.'),
      refreshTtlDays: z
        .int()
        .min(1)
        .max(365)
        .default(30)
        .describe('How long a session lives without a refresh, in days.'),
    })
    .prefault({}),
  keys: z
    .strictObject({
      rotateAfterDays: z
        .int()
        .min(1)
        .max(365)
        .default(30)
        .describe('How long a key signs before the next one does, in days.'),
    })
    .prefault({}),
  clients: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a name of lower case letters, digits and hyphens'),
      z.strictObject({
        secret: z.string().min(16).describe('What the service proves itself with; at least 16 characters.'),
        scopes: z.array(scope).min(1).describe('What its tokens may do.'),
      }),
    )
    .default({})
    .describe(
      'Services that get tokens of their own (OAuth 2.0 client credentials): `{ orders: { secret, scopes } }`.',
    ),
});

export type UsersConfig = z.infer<typeof usersConfig>;
