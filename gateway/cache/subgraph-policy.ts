import type { Reply } from '../upstream/response-reader.ts';
import { type CachePolicy, readCachePolicy } from './cache-control.ts';
import { createRemember } from './remember.ts';
import { toCredentials } from './requester.ts';

/** What the operator says of a subgraph, or of a type of it. */
export interface Rule {
  /** A lifetime for what says none, in milliseconds. */
  readonly ttlMs?: number | undefined;
  /** Whether it also replaces a `no-store` that the subgraph sends for lack of hints. */
  readonly override?: boolean | undefined;
}

export interface SubgraphRule extends Rule {
  readonly isEnabled?: boolean | undefined;
  /** By the names of entities. */
  readonly types?: Readonly<{ [type: string]: Rule }> | undefined;
}

export interface PolicyOptions {
  readonly subgraph: Readonly<{ [name: string]: SubgraphRule }>;
  /** For answers that do not say it, in milliseconds. */
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  /** Names of headers that say who asks, besides `authorization` and `cookie`. */
  readonly credentialHeaders: readonly string[];
  /** Names of headers that are in no key. */
  readonly irrelevantHeaders: readonly string[];
}

/** What the answer of a subgraph says about keeping it, with what the operator says. `type` is that of an entity. */
export type ReadPolicy = (subgraph: string, reply: Reply | undefined, type?: string) => CachePolicy | 'off';

/** Of headers, by subgraph and type. */
const MOST_REMEMBERED = 1_000;

/** Makes the function that reads it. */
export function createReadPolicy(options: PolicyOptions): ReadPolicy {
  const { subgraph: rules, credentialHeaders, irrelevantHeaders, ...stale } = options;
  const credentials = toCredentials(credentialHeaders);
  const irrelevant = new Set(irrelevantHeaders.map((name) => name.toLowerCase()));

  const remember = createRemember<CachePolicy>(MOST_REMEMBERED);

  return (subgraph, reply, type) => {
    const own = Object.hasOwn(rules, subgraph) ? rules[subgraph] : undefined;
    if (own?.isEnabled === false) return 'off';
    if (reply === undefined) return { isStorable: false, reason: 'no max-age' };
    const { 'cache-control': control, vary, age } = reply.headers;
    // Most answers of a subgraph say the same. An age is another each time.
    if (age !== undefined) return read(own, reply, type);
    return remember(`${subgraph}\n${type ?? ''}\n${control ?? ''}\n${vary ?? ''}`, () => read(own, reply, type));
  };

  function read(own: SubgraphRule | undefined, reply: Reply, type: string | undefined): CachePolicy {
    const ofType = type !== undefined && own?.types && Object.hasOwn(own.types, type) ? own.types[type] : undefined;
    const header = String(reply.headers['cache-control'] ?? '').toLowerCase();
    const said = readCachePolicy(reply.headers);
    const lifetime = said.isStorable ? said : apply({ ...own, ...ofType }, said, header);
    const varying = namesOf(reply.headers.vary);
    const isOwn = varying.some((name) => credentials.has(name));
    // It depends on something that is in no key.
    if (!isOwn && varying.some((name) => irrelevant.has(name))) return { isStorable: false, reason: 'vary' };
    const policy = isOwn ? narrow(lifetime) : lifetime;
    if (!policy.isStorable || /(?:must|proxy)-revalidate/.test(header)) return policy;
    const { staleWhileRevalidateMs, staleIfErrorMs } = stale;
    return {
      ...policy,
      ...(header.includes('stale-while-revalidate') ? {} : { staleWhileRevalidateMs }),
      ...(header.includes('stale-if-error') ? {} : { staleIfErrorMs }),
    };
  }
}

/** What varies by a credential is for who showed it, whatever else it says (RFC 9111, 4.1: no key of everyone's has credentials). */
function narrow(policy: CachePolicy): CachePolicy {
  return policy.isStorable ? { ...policy, scope: 'private', isShared: false } : policy;
}

function namesOf(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase());
}

/** Nothing that says `private` is given a lifetime: who wrote it meant that it is not to be kept by others. */
function apply({ ttlMs, override }: Rule, said: CachePolicy & { isStorable: false }, header: string): CachePolicy {
  const isReplaced = said.reason === 'no max-age' || (override === true && said.reason === 'no-store');
  if (ttlMs === undefined || !isReplaced || header.includes('private')) return said;
  return {
    isStorable: true,
    maxAgeMs: ttlMs,
    ageMs: 0,
    scope: 'unsaid',
    // What is configured is for all only where nobody showed a credential.
    isShared: false,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
  };
}
