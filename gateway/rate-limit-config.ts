import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';
import { headerName } from './header-name.ts';

/** For `http`: whose word about a client's address is taken. */
export const trustedProxies = z
  .array(
    z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
      error: 'must be an address or a range of them, such as 10.0.0.0/8',
    }),
  )
  .default([])
  .describe(
    'Addresses and ranges (CIDR) of the proxies in front of the gateway. Of what comes from them, the client is the last address in `x-forwarded-for` that is not one of them. Without any, the client is whoever connects.',
  );

const NAME = /^[a-zA-Z][\w-]{0,62}$/;

/** By names that are printed in headers and stand in keys. */
function byName<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).superRefine((all, context) => {
    for (const name of Object.keys(all).filter((each) => !NAME.test(each)))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'must have a name of a letter, then at most 62 letters, digits, _ and -',
      });
  });
}

const WHO = ['identity', 'apiKey', 'clientName', 'ip'] as const;

const rule = z.strictObject({
  limit: z.int().positive().describe('So much may be spent within each window.'),
  windowS: z.int().positive().max(31_536_000).describe('How long the window is, in seconds.'),
  unit: z
    .enum(['requests', 'cost'])
    .default('requests')
    .describe('What is counted: requests, or the cost points of their operations.'),
  operations: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Count only operations of these names. A client calls its operations what it likes, unless there is a safelist.',
    ),
  fields: z
    .array(z.string().regex(/^\w+\.\w+$/, { error: 'must be a root field, such as Query.search' }))
    .min(1)
    .optional()
    .describe(
      'Count only operations with one of these root fields, such as `Query.search`, and each as often as it has them.',
    ),
  by: z
    .array(z.enum([...WHO, 'operation', 'field']))
    .default([])
    .describe(
      'A quota for each of these, instead of one for all of the client: for each operation name, for each root field, …',
    ),
});

const set = z.strictObject({
  client: z
    .array(z.enum(WHO))
    .min(1)
    .describe(
      'Who has quotas of its own: `identity` (the subject of a token), `apiKey`, `clientName`, `ip`, or what they are together.',
    ),
  onStoreFailure: z
    .enum(['open', 'closed', 'local'])
    .default('local')
    .describe(
      'While Redis is away: let all through (`open`), nothing (`closed`), or `localShare` of each limit in each gateway (`local`).',
    ),
  localShare: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('Which part of its limits a gateway grants by itself.'),
  rules: byName(rule)
    .refine((rules) => Object.keys(rules).length > 0, { error: 'must have a rule' })
    .describe(
      'By name: `limit` within `windowS` seconds, in the `unit` `requests` (default) or `cost`; only for `operations` of these names or root `fields` such as `Query.search`; one quota for each `by` (operation, field, …). A request is charged by all that concern it, or refused and charged by none.',
    ),
});

/** The options of rate limits: `docs/guard.md` says how they belong together. */
export const rateLimitConfig = z.strictObject({
  addressRequestsPerS: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Most requests of one address in a second, counted by each gateway for itself before anything of them is read; 0 for no bound. Behind proxies, set `http.trustedProxies` first: else all clients are one address.',
    ),
  sets: byName(set)
    .default({})
    .describe(
      'Sets of rules for clients of one kind, by names of your own, in the order of precedence: the first whose `client` is known of a request has it. `docs/guard.md` says how they belong together.',
    ),
  clientNameHeader: headerName()
    .default('apollographql-client-name')
    .describe('The header in which a client says its name. It may say any.'),
  sendHeaders: z
    .boolean()
    .default(true)
    .describe('Tell clients in `RateLimit` and `RateLimit-Policy` what is left to them.'),
  timeoutMs: timerMs()
    .positive()
    .default(50)
    .describe('How long Redis may take for a charge, in milliseconds; then it counts as away for this request.'),
});

export type RateLimitConfig = z.infer<typeof rateLimitConfig>;
export type RuleConfig = z.infer<typeof rule>;
export type RuleSetConfig = z.infer<typeof set>;
