import { z } from 'zod';
import type { ConfigProblem } from '../service/config.ts';
import { timerMs } from '../service/timer-option.ts';
import { travellingHeader } from './header-name.ts';
import type { upstreamConfig } from './upstream-config.ts';

/** As a client writes it, each segment decoded: what needs encoding or is resolved on the way is no prefix of a path. */
const PATH = /^\/(?:[\w\-.~!$&'()*+,=:@]+(?:\/[\w\-.~!$&'()*+,=:@]+)*)?$/;

function path() {
  return z
    .string()
    .regex(PATH, { error: 'must be a path such as /users: it begins with a slash and does not end in one' })
    .refine((text) => !/\/\.{1,2}(?:\/|$)/.test(text), { error: 'has a segment . or ..' });
}

const value = z.string().regex(/^[\t\x20-\x7e]*$/, { error: 'must be printable ASCII' });

function headerRules(of: string) {
  return z
    .strictObject({
      set: z.record(travellingHeader(), value).default({}).describe(`Headers of ${of}, instead of any that are there.`),
      remove: z.array(travellingHeader()).default([]).describe(`Headers of ${of} that do not travel on.`),
    })
    .prefault({});
}

const route = z
  .strictObject({
    path: path().describe('What is at this path and below it; the route with the longest one has a request.'),
    isExact: z.boolean().default(false).describe('Only what is at this very path.'),
    methods: z
      .array(
        z
          .string()
          .regex(/^[A-Z]+(?:-[A-Z]+)*$/, { error: 'must be a method in capitals, such as GET' })
          .refine((method) => method !== 'CONNECT' && method !== 'TRACE', { error: 'is not passed on' }),
      )
      .min(1)
      .optional()
      .describe('Methods that are passed on, with GET also HEAD; by default all.'),
    upstream: z
      .string()
      .describe('The name of an upstream; its addresses are in `upstream.NAME.urls`, of which only the origin counts.'),
    stripPrefix: z.boolean().default(false).describe('Whether the upstream gets what stands behind `path` alone.'),
    rewrite: path().optional().describe('What the upstream gets in the place of `path`.'),
    timeoutMs: timerMs()
      .positive()
      .optional()
      .describe(
        'How long the upstream may take until its answer begins, and between two pieces of it, in milliseconds; by default the `timeoutMs` of the upstream. What a client takes to send a body is not counted.',
      ),
    requires: z
      .strictObject({
        authenticated: z
          .boolean()
          .default(false)
          .describe('Whether only those are let through of whom is known who they are.'),
        scopes: z
          .array(z.array(z.string().min(1)).min(1))
          .default([])
          .describe('Scopes that a caller needs: all of one of these lists.'),
      })
      .prefault({}),
    requestHeaders: headerRules('a request'),
    responseHeaders: headerRules('an answer'),
  })
  .refine(({ stripPrefix, rewrite }) => !stripPrefix || rewrite === undefined, {
    path: ['stripPrefix'],
    error: 'and rewrite are two answers to one question: leave one out',
  });

/** Per route, by a name of its own. */
export const routesConfig = z
  .record(z.string(), route)
  .default({})
  .describe('Paths whose requests are passed on to REST services, by names of your own; see rest.md.');

export type RouteConfig = z.infer<typeof route>;

/** Routes that lead nowhere, by what else is configured. */
export function findRouteProblems({ routes, upstream, authentication }: RoutesAndMore): readonly ConfigProblem[] {
  const knowsCallers = Object.keys({ ...authentication.issuers, ...authentication.apiKeys }).length > 0;
  const all = Object.entries(routes);
  return all.flatMap(([name, { path: own, isExact, methods, upstream: to, requires }], index) => {
    const problems: ConfigProblem[] = [];
    const tell = (option: string, message: string) => problems.push({ path: `routes.${name}.${option}`, message });
    if (upstream[to]?.urls === undefined) tell('upstream', `has no addresses: set upstream.${to}.urls`);
    if (own === '/graphql') tell('path', 'is where GraphQL is');
    if ((requires.authenticated || requires.scopes.length > 0) && !knowsCallers)
      tell('requires', 'needs authentication.issuers or apiKeys: without any no caller is known');
    const before = all.slice(0, index).find(([, other]) => {
      const isSamePlace = other.path === own && other.isExact === isExact;
      return isSamePlace && (methods ?? other.methods ?? []).every((method) => other.methods?.includes(method) ?? true);
    });
    if (before !== undefined)
      tell('path', `never gets a request: the route "${before[0]}" has the same path and methods`);
    return problems;
  });
}

interface RoutesAndMore {
  readonly routes: Readonly<Record<string, RouteConfig>>;
  readonly upstream: z.infer<typeof upstreamConfig>;
  readonly authentication: { readonly issuers: object; readonly apiKeys: object };
}
