import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

const HEADER = /^[\w!#$%&'*+.^`|~-]+$/;
const headers = () => z.array(z.string().regex(HEADER, { error: 'must be the name of a header' }));
const ms = () => z.int().min(0);
/** What goes into keys of Redis. */
const WITHOUT_BRACES = [
  /^[^{}]*$/,
  { error: 'must have no braces, which decide where a cluster keeps a key' },
] as const;

const rule = {
  ttlMs: z.int().positive().optional().describe('A lifetime for answers that say none, in milliseconds.'),
  override: z
    .boolean()
    .default(false)
    .describe(
      'Let `ttlMs` replace a `no-store` as well, which Apollo Server sends where there are no hints; never a `private`.',
    ),
};

/** The options of the response cache: `docs/caching.md` says how they belong together. */
export const cacheConfig = z.strictObject({
  mode: z
    .enum(['on', 'off', 'shadow'])
    .default('on')
    .describe(
      '`off`: nothing is kept, and no code of the cache is loaded. `shadow`: what would be given is compared with what is fetched, and never given.',
    ),
  namespace: z
    .string()
    .min(1)
    .regex(...WITHOUT_BRACES)
    .default('main')
    .describe('The variant of the graph. Gateways that share a Redis share answers only under one name.'),
  l1: z
    .strictObject({
      maxBytes: ms().default(64_000_000).describe('Most memory of answers kept in this process, in bytes; 0 for none.'),
      maxStaleMs: timerMs()
        .positive()
        .default(1_000)
        .describe(
          'How long answers in this process are given after Redis was last asked for purges, in milliseconds: so long after a purge on another gateway may this one be behind.',
        ),
    })
    .prefault({}),
  redis: z
    .strictObject({
      urls: z
        .array(z.string())
        .default([])
        .describe(
          '`redis://` or `rediss://` addresses: one server, or some nodes of a cluster. Without any, REDIS_URL; without that, there is L1 alone.',
        ),
      isCluster: z.boolean().default(false).describe('Whether they are nodes of a Redis Cluster.'),
      username: z.string().optional().describe('Instead of the one in the address.'),
      password: z.string().optional().describe('Instead of the one in the address.'),
      caFile: z
        .string()
        .optional()
        .describe('PEM file of the authority that signed the certificate of a `rediss://` server.'),
      certFile: z.string().optional().describe('PEM file of a certificate of our own, with `keyFile`.'),
      keyFile: z.string().optional().describe('PEM file of its key.'),
      serverName: z
        .string()
        .optional()
        .describe('The name that the certificate of a `rediss://` server has, where it is not the one in the address.'),
      prefix: z
        .string()
        .regex(...WITHOUT_BRACES)
        .default('tributary:cache:')
        .describe('What every key in Redis begins with.'),
      readTimeoutMs: timerMs()
        .positive()
        .default(50)
        .describe('How long a read may take, in milliseconds; then it is a miss.'),
      writeTimeoutMs: timerMs()
        .positive()
        .default(500)
        .describe('How long a write or a purge may take, in milliseconds.'),
      waitReplicas: z
        .int()
        .min(0)
        .default(0)
        .describe('How many replicas have to have a purge before it is acknowledged, within half of `writeTimeoutMs`.'),
    })
    .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
      error: 'certFile and keyFile are needed together',
    })
    .prefault({}),
  staleWhileRevalidateMs: ms()
    .default(0)
    .describe(
      'How long an answer whose time is over is given while a newer one is fetched, in milliseconds, where its subgraph does not say.',
    ),
  staleIfErrorMs: ms()
    .default(0)
    .describe('How long it is given when its subgraph cannot be asked, in milliseconds, where that does not say.'),
  leaseMs: z
    .int()
    .positive()
    .default(5_000)
    .describe('How long one gateway may take to fetch what others wait for, in milliseconds.'),
  waitMs: ms()
    .default(2_000)
    .describe('How long a gateway waits for another that fetches the same, in milliseconds; then it fetches itself.'),
  maxTags: z
    .int()
    .positive()
    .default(1_000)
    .describe('Most tags of an answer. More are made fewer, which are voided more often.'),
  tagHeader: z
    .strictObject({
      name: z
        .string()
        .regex(HEADER, { error: 'must be the name of a header' })
        .optional()
        .describe(
          'Name of a header that lists the tags of an answer that everybody may have, for a CDN that purges by them: `cache-tag`, `surrogate-key`. None by default.',
        ),
      separator: z.enum([',', ' ']).default(',').describe('What stands between two tags.'),
      maxBytes: z
        .int()
        .positive()
        .default(8_000)
        .describe('Longest list of tags, in bytes. Where even the coarsest is longer, the answer is `private`.'),
    })
    .prefault({}),
  identityClaims: z
    .array(z.string())
    .default([])
    .describe('Claims of a token that private answers depend on besides issuer and subject, such as `tenant`.'),
  credentialHeaders: headers()
    .default([])
    .describe(
      'Forwarded headers that say who asks, besides authorization and cookie: they are in no key of a public answer.',
    ),
  irrelevantHeaders: headers()
    .default([])
    .describe('Forwarded headers that change no answer: they are in no key. traceparent and tracestate never are.'),
  subgraph: z
    .record(
      z.string(),
      z.strictObject({
        isEnabled: z.boolean().default(true).describe('Whether anything of this subgraph is kept.'),
        ...rule,
        types: z
          .record(
            z.string(),
            z.strictObject({
              ttlMs: rule.ttlMs,
              override: z.boolean().optional(),
            }),
          )
          .default({})
          .describe(
            'Per type of entity, instead of those of the subgraph: `{ Country: { ttlMs: 86400000, override: true } }`.',
          ),
      }),
    )
    .default({})
    .describe('Per subgraph, by its name.'),
  mutations: z
    .record(
      z.string(),
      z.strictObject({
        entities: z.boolean().default(true).describe('Void what has an entity in it that the mutation returns.'),
        types: z.array(z.string()).default([]).describe('Void what has objects of these types in it.'),
        tags: z
          .array(z.string())
          .default([])
          .describe('Void what has these tags; `{$args.id}` is an argument of the mutation.'),
      }),
    )
    .default({})
    .describe(
      'What a mutation voids before its answer is sent, by the name of its field; also when nobody knows whether it was done.',
    ),
  invalidation: z
    .strictObject({
      key: z
        .string()
        .min(16, 'must have at least 16 characters')
        .optional()
        .describe(
          'The key of `POST /invalidate` on the admin port, of at least 16 characters. Without one, that is not served.',
        ),
      events: z
        .boolean()
        .default(true)
        .describe(
          'Void what services say in events of the type `cache.invalidated` that they changed; needs REDIS_URL.',
        ),
    })
    .prefault({}),
  explainKey: z
    .string()
    .min(8, 'must have at least 8 characters')
    .optional()
    .describe(
      'Who sends it in the header `cache-explain` gets `extensions.cache`: how an answer came. At least 8 characters.',
    ),
});

export type CacheConfig = z.infer<typeof cacheConfig>;
