import { z } from 'zod';
import { ALGORITHMS } from '../service/tokens.ts';
import { headerName, travellingHeader } from './header-name.ts';

/** What API keys have in place of an issuer: no issuer of tokens may be called so. */
export const API_KEY_ISSUER = 'urn:tributary:api-keys';

const words = () => z.array(z.string().regex(/^\S+$/, { error: 'must be one word' }));
const claims = () => z.array(z.string().min(1, 'must be the name of a claim'));
const ifMissing =
  (what: string) =>
  ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is missing: ${what}` : undefined;
const isHttp = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text);

const issuer = z
  .strictObject({
    issuer: z
      .string({ error: ifMissing('the `iss` of its tokens') })
      .min(1, 'must not be empty')
      .refine((iss) => iss !== API_KEY_ISSUER, { error: 'is what API keys have for an issuer' })
      .describe('The `iss` that its tokens have.'),
    audiences: z
      .array(z.string().min(1, 'must not be empty'), { error: ifMissing('one or more `aud`s') })
      .min(1, 'must have at least one')
      .describe('A token must be for one of these `aud`s at least.'),
    jwksUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .optional()
      .describe(
        "Where its public keys are (RFC 7517). Without it they are found by OpenID Connect Discovery: the issuer's own URL with `/.well-known/openid-configuration`.",
      ),
    algorithms: z
      .array(z.enum(ALGORITHMS, { error: `must be one of ${ALGORITHMS.join(', ')}` }))
      .min(1, 'must have at least one')
      .default([...ALGORITHMS])
      .describe('The algorithms that it may sign with; those with a shared secret, and `none`, are never accepted.'),
    clockToleranceS: z
      .number()
      .min(0)
      .max(300)
      .default(5)
      .describe('By how much its clock may differ from ours, in seconds.'),
    type: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('The `typ` that its tokens must have, such as `at+jwt` (RFC 9068); any by default.'),
    header: travellingHeader()
      .optional()
      .describe(
        'The header in which its tokens come: `authorization` as `Bearer TOKEN`, another one bare or so. By default `authorization`, if there is no `cookie`.',
      ),
    cookie: headerName('cookie').optional().describe('The cookie in which its tokens come; with `header`, either.'),
    scopeClaims: claims()
      .default(['scope', 'scp'])
      .describe('The claims that hold scopes: lists, or words in one text. `a.b` is `b` inside of `a`.'),
    roleClaims: claims()
      .default(['roles'])
      .describe('The claims that hold roles, likewise; `realm_access.roles` for Keycloak.'),
  })
  .refine(({ issuer: iss, jwksUrl }) => jwksUrl !== undefined || isHttp(iss), {
    path: ['jwksUrl'],
    error: 'is needed: the issuer is no http or https URL, by which its keys could be found',
  });

export type IssuerConfig = z.infer<typeof issuer>;

const apiKey = z.strictObject({
  sha256: z
    .array(z.string().regex(/^[0-9a-f]{64}$/i, { error: 'must be the SHA-256 of a key, in 64 hexadecimal digits' }), {
      error: ifMissing('the SHA-256 of the key, as `npm run api-key` writes it'),
    })
    .min(1, 'must have at least one')
    .describe('The SHA-256 of the key, in hexadecimal digits; of the old and of the new one while they change.'),
  scopes: words().default([]).describe('What who has the key may do.'),
  roles: words().default([]).describe('What who has the key is.'),
});

/** The options of authentication: `docs/authentication.md` says how they belong together. */
export const authenticationConfig = z.strictObject({
  issuers: z
    .record(z.string(), issuer)
    .default({})
    .describe(
      'Who issues the access tokens that are accepted, by a name of your own. Without any, tokens pass unread to the subgraphs.',
    ),
  apiKeys: z.record(z.string(), apiKey).default({}).describe('API keys of machines, by the name of the machine.'),
  apiKeyHeader: travellingHeader().default('x-api-key').describe('The header in which API keys come.'),
  rememberBytes: z
    .int()
    .min(0)
    .default(32_000_000)
    .describe(
      'How much memory tokens that were verified may take, in bytes; they are remembered until they expire, and not verified again.',
    ),
  forward: z
    .strictObject({
      token: z
        .boolean()
        .default(true)
        .describe('Send the token to subgraphs, as `authorization: Bearer TOKEN`, wherever it came in.'),
      claims: z
        .record(z.string(), z.string().min(1, 'must be the name of a claim'))
        .default({})
        .describe('Headers for subgraphs that are made from claims: `{ x-user-id: sub }`. Nobody else can send them.'),
    })
    .prefault({}),
  revocation: z
    .strictObject({
      isEnabled: z
        .boolean()
        .default(false)
        .describe('Ask the store (Redis, else memory) whether a token, or an API key, was revoked.'),
      key: z
        .string()
        .min(16, 'must have at least 16 characters')
        .optional()
        .describe('The key of `POST /revoke` on the admin port. Without one, that is not served.'),
      checkEveryMs: z
        .int()
        .min(0)
        .default(5_000)
        .describe(
          'How long what the store said of a token is believed, in milliseconds: so long after it was revoked at another gateway may a token pass.',
        ),
      retentionMs: z
        .int()
        .positive()
        .default(30 * 86_400_000)
        .describe('How long a revocation is kept, in milliseconds: not shorter than any token lives.'),
      onStoreFailure: z
        .enum(['open', 'closed'])
        .default('open')
        .describe(
          '`open`: while the store is away, what it last said holds, and what it was never asked about passes. `closed`: 503 until it is back.',
        ),
    })
    .refine(({ isEnabled, key }) => isEnabled || key === undefined, {
      path: ['key'],
      error: 'is of no use without isEnabled: true',
    })
    .prefault({}),
});

export type AuthenticationConfig = z.infer<typeof authenticationConfig>;
