import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';
import { TIMEOUT, travellingHeader } from './header-name.ts';

const share = () => z.number().min(0).max(1);
const count = () => z.int().positive();
const ms = () => timerMs().positive();

/** What can be said of all destinations, and otherwise of one. */
const own = {
  timeoutMs: ms(),
  responseLimitBytes: count(),
  connections: count(),
  maxQueued: z.int().min(0),
  resolveIntervalMs: timerMs().min(0),
  compression: z.boolean(),
  http2: z.boolean(),
};
const balance = { policy: z.enum(['least-loaded', 'round-robin']), maxOutShare: share() };
const retry = {
  retries: z.int().min(0).max(10),
  budget: share(),
  delayMs: ms(),
  maxDelayMs: ms(),
  tryTimeoutMs: ms(),
};
const breaker = { failures: count(), openMs: ms(), maxOpenMs: ms() };
const ejection = {
  failures: count(),
  errorShare: share(),
  minCalls: count(),
  windowMs: ms(),
  ejectMs: ms(),
  maxEjectMs: ms(),
  returnMs: ms(),
};
const health = {
  isEnabled: z.boolean(),
  path: z.string().startsWith('/'),
  intervalMs: ms(),
  timeoutMs: ms(),
  unhealthyAfter: count(),
  healthyAfter: count(),
};
const file = () => z.string().min(1);
const tls = { caFile: file(), certFile: file(), keyFile: file(), serverName: z.string().min(1) };

type Optional<Shape extends Readonly<Record<string, z.ZodType>>> = { [Key in keyof Shape]: z.ZodOptional<Shape[Key]> };

/** The same options, none of which need be said. */
function instead<const Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
  of = 'upstreamDefaults',
): Optional<Shape> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, type]) => [name, type.optional().describe(`Instead of \`${of}.${name}\`.`)]),
  ) as Optional<Shape>;
}

function group<const Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape, name: string) {
  return z.strictObject(instead(shape, `upstreamDefaults.${name}`)).default({} as never);
}

/** Per destination, by its name. */
export const upstreamConfig = z
  .record(
    z.string(),
    z.strictObject({
      urls: z
        .array(z.url())
        .min(1)
        .optional()
        .describe('Addresses instead of the `routing_url` of the supergraph. Routes use their origins.'),
      ...instead(own),
      balance: group(balance, 'balance'),
      retry: group(retry, 'retry'),
      breaker: group(breaker, 'breaker'),
      ejection: group(ejection, 'ejection'),
      health: group(health, 'health'),
      tls: group(tls, 'tls'),
    }),
  )
  .default({})
  .describe('Per subgraph or other upstream, by its name.');

export const upstreamDefaultsConfig = z.strictObject({
  timeoutMs: own.timeoutMs
    .default(10_000)
    .describe('How long a subgraph may take for a whole answer, further tries included, in milliseconds.'),
  responseLimitBytes: own.responseLimitBytes.default(50_000_000).describe('Largest answer of a subgraph, in bytes.'),
  connections: own.connections.default(256).describe('Most connections to one address, each with one call under way.'),
  maxQueued: own.maxQueued
    .default(1_000)
    .describe('Most calls to one subgraph that wait for a connection; more are refused at once.'),
  resolveIntervalMs: own.resolveIntervalMs
    .default(0)
    .describe(
      'How often the host names in the addresses are resolved, in milliseconds; then each IP address of a name is an address of its own. 0 for never.',
    ),
  compression: own.compression
    .default(false)
    .describe(
      'Whether subgraphs are asked for compressed answers (`accept-encoding: br, gzip`): where the network is slower than both ends are.',
    ),
  http2: own.http2
    .default(false)
    .describe(
      'Whether calls of the graph go over HTTP/2 where an `https` address offers it: many at once on one connection, for subgraphs far away. On a near network HTTP/1.1 is faster. Routes use HTTP/1.1.',
    ),
  deadlineHeader: travellingHeader()
    .default(TIMEOUT)
    .describe('The header in which a subgraph is told how many milliseconds are left for its answer.'),
  balance: z
    .strictObject({
      policy: balance.policy
        .default('least-loaded')
        .describe(
          'Which of several addresses gets a call: of two at random the one with less to do, by calls under way and latency (`least-loaded`), or each in turn (`round-robin`).',
        ),
      maxOutShare: balance.maxOutShare
        .default(0.5)
        .describe('The share of addresses that may be left out at once; when it is more, all take part.'),
    })
    .prefault({}),
  retry: z
    .strictObject({
      retries: retry.retries
        .default(2)
        .describe(
          'How often a call that failed is sent again, to another address where there is one: queries, and what certainly did not arrive. 0 for never.',
        ),
      budget: retry.budget
        .default(0.2)
        .describe('The share of calls that may be sent again: so a failing subgraph gets no more than so much on top.'),
      delayMs: retry.delayMs
        .default(25)
        .describe('The longest pause before the first further try, in milliseconds, chosen at random; it doubles.'),
      maxDelayMs: retry.maxDelayMs.default(250).describe('The longest pause of all.'),
      tryTimeoutMs: retry.tryTimeoutMs
        .default(2_500)
        .describe(
          'After so many milliseconds without an answer a query is given up at the first address and sent to another, where there is one and the budget allows it.',
        ),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failures: breaker.failures
        .default(10)
        .describe('After so many failures in a row nothing is sent to an address for a while.'),
      openMs: breaker.openMs
        .default(1_000)
        .describe('For how long, in milliseconds; then one call tries, and while that fails it is twice as long.'),
      maxOpenMs: breaker.maxOpenMs.default(15_000).describe('The longest of these times.'),
    })
    .prefault({}),
  ejection: z
    .strictObject({
      failures: ejection.failures
        .default(5)
        .describe('After so many failures in a row an address is left out, where there are others.'),
      errorShare: ejection.errorShare
        .default(0.5)
        .describe('It is also left out when this share of its calls failed within `windowMs`.'),
      minCalls: ejection.minCalls.default(20).describe('If these were so many at least.'),
      windowMs: ejection.windowMs.default(10_000).describe('In milliseconds.'),
      ejectMs: ejection.ejectMs
        .default(5_000)
        .describe('For how long, in milliseconds; times as often as it was left out lately.'),
      maxEjectMs: ejection.maxEjectMs.default(60_000).describe('The longest of these times.'),
      returnMs: ejection.returnMs
        .default(5_000)
        .describe('So long it takes until an address that comes back gets its whole share, in milliseconds.'),
    })
    .prefault({}),
  health: z
    .strictObject({
      isEnabled: health.isEnabled
        .default(false)
        .describe(
          'Whether each address is asked now and then if it is well; one that is not is left out, where there are others.',
        ),
      path: health.path
        .optional()
        .describe(
          'What is asked for, with GET: 2xx is well. Without it, the GraphQL query `{ __typename }`, whose answer must have data.',
        ),
      intervalMs: health.intervalMs
        .default(5_000)
        .describe('The pause between two checks, in milliseconds; a tenth more or less, by chance.'),
      timeoutMs: health.timeoutMs.default(1_000).describe('How long the answer to a check may take, in milliseconds.'),
      unhealthyAfter: health.unhealthyAfter
        .default(3)
        .describe('After so many failed checks in a row an address is left out.'),
      healthyAfter: health.healthyAfter
        .default(2)
        .describe('After so many good ones in a row it takes part again, by degrees (`ejection.returnMs`).'),
    })
    .prefault({}),
  tls: z
    .strictObject({
      caFile: tls.caFile
        .optional()
        .describe(
          'PEM file of the authorities that sign the certificates of `https` addresses, instead of those that Node trusts.',
        ),
      certFile: tls.certFile.optional().describe('PEM file of a certificate of our own, with `keyFile` (mutual TLS).'),
      keyFile: tls.keyFile.optional().describe('PEM file of its key, without a passphrase.'),
      serverName: tls.serverName
        .optional()
        .describe('The name that the certificates have, where it is not the host name in the address.'),
    })
    .prefault({}),
});
