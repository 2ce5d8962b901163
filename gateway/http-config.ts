import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';
import { trustedProxies } from './rate-limit-config.ts';

/** As browsers send it: of web pages without a default port and in lower case, of apps with a scheme of their own. */
function isOrigin(text: string): boolean {
  if (!/^https?:/i.test(text)) return /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/.test(text);
  return URL.parse(text)?.origin === text;
}

/** The options of the server that clients reach. */
export const httpConfig = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address that clients reach; 0.0.0.0 for all.'),
  port: z.int().min(0).max(65_535).default(4000).describe('Port that clients reach; 0 for any free one.'),
  bodyLimitBytes: z.int().positive().default(1_000_000).describe('Largest body of a request, in bytes.'),
  trustedProxies,
  maxConcurrentRequests: z
    .int()
    .positive()
    .default(1_000)
    .describe(
      'Most requests of one client that are answered at the same time: of an identity, else of an address. More get 429.',
    ),
  drainMs: timerMs()
    .default(1_000)
    .describe(
      'When the gateway is told to stop: how long clients are sent away with their answers before connections are closed, in milliseconds. `/ready` says 503 meanwhile.',
    ),
  maxBatchLength: z
    .int()
    .min(0)
    .default(0)
    .describe('Most operations that one request may have, as an array; 0: none may be an array.'),
  csrfPrevention: z
    .boolean()
    .default(true)
    .describe('Refuse requests that a browser would send for any web page without asking.'),
  cors: z
    .strictObject({
      origins: z
        .array(
          z.string().refine((origin) => origin === '*' || isOrigin(origin), {
            error: 'must be an origin as browsers send it, such as https://shop.example: no path, no slash at the end',
          }),
        )
        .default([])
        .describe(
          'Origins whose pages may call the gateway, such as `https://shop.example`; `*` for all; none by default.',
        ),
      credentials: z
        .boolean()
        .default(false)
        .describe(
          'Whether their requests may carry cookies. Access tokens in headers need no permission of this kind.',
        ),
      allowedHeaders: z
        .array(z.string())
        .default([])
        .describe('Request headers that they may send; without any, all that they ask for.'),
      exposedHeaders: z
        .array(z.string())
        .default([])
        .describe(
          'Response headers that their scripts may read, besides those of the gateway: age, cache-status, etag, ratelimit, ratelimit-policy, retry-after, www-authenticate.',
        ),
      maxAgeMs: z
        .int()
        .min(0)
        .default(86_400_000)
        .describe('How long a browser may remember what it was allowed, in milliseconds.'),
    })
    .refine(({ origins, credentials }) => !(credentials && origins.includes('*')), {
      path: ['credentials'],
      error: 'cannot be true with the origin *: browsers refuse it, for good reason. Name the origins',
    })
    .prefault({}),
  hsts: z
    .strictObject({
      maxAgeS: z
        .int()
        .min(0)
        .optional()
        .describe(
          'How long browsers are to come by https alone (`strict-transport-security`, RFC 6797), in seconds; 0 has them forget it. By default it is not said: for who has TLS in front of every address of this host.',
        ),
      includeSubdomains: z.boolean().default(false).describe('Whether that holds for all names below this one, too.'),
    })
    .refine(({ maxAgeS, includeSubdomains }) => maxAgeS !== undefined || !includeSubdomains, {
      path: ['includeSubdomains'],
      error: 'is of no use without maxAgeS',
    })
    .prefault({}),
  explorer: z
    .boolean()
    .optional()
    .describe('Show GraphiQL to a browser that opens `/graphql`. By default in `mode: development`.'),
});

export type HttpConfig = z.infer<typeof httpConfig>;
