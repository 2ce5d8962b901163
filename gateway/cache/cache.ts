import type { FetchNode } from '../../planning/plan.ts';
import type { Identity } from '../../service/identity.ts';
import type { Invalidation } from '../../service/invalidation.ts';
import type { Log } from '../../service/logs.ts';
import { ClosingStack, type Running } from '../../service/run.ts';
import { isSameSecret } from '../../service/secrets.ts';
import type { CacheConfig } from '../cache-config.ts';
import { GatewayError } from '../errors.ts';
import type { Json } from '../execution/own.ts';
import type { Ask, SubgraphResponse } from '../execution/reply.ts';
import type { Store } from '../store/store.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createAnswerTags, type FindAnswerTags } from './answer-tags.ts';
import type { Answered } from './answered.ts';
import { type AnswerHeaders, explain, explainResponse, explainStep, toAnswerHeaders, toPrivate } from './explain.ts';
import { createFetchCache } from './fetch-cache.ts';
import { createFill } from './fill.ts';
import { createLevels } from './levels.ts';
import { openPurgeState, type PurgeOutcome } from './purge-state.ts';
import { createRecord } from './record.ts';
import { readCacheWish } from './request-cache-control.ts';
import { createRequesters } from './requester.ts';
import { type AnswerResponse, createResponseCache, type Judged } from './response-cache.ts';
import { createReadPolicy } from './subgraph-policy.ts';
import { subgraphTag, toPurgeTags } from './tag.ts';
import { toHeaderTag } from './tag-header.ts';
import { findUnknown, readTagRules, type TagRules } from './tag-rules.ts';
import { findUnknownNames } from './unknown-names.ts';
import type { Looking, Visit } from './visit.ts';
import { createWrittenTags, type Written } from './written.ts';

/** One request of a client, before the cache knows who asks. */
export interface Visiting extends Pick<Visit, 'supergraph' | 'isWriting' | 'epoch'> {
  /** Those that go to subgraphs. */
  readonly sent: Readonly<{ [name: string]: string }>;
  /** Those of the client. */
  readonly headers: Readonly<{ [name: string]: string | undefined }>;
  readonly identity: Identity | undefined;
  /** Whether the request is to be explained. */
  readonly isExplained: boolean;
}

/** An answer for the client, with its headers. */
export interface Presented {
  readonly body: Buffer;
  readonly headers: AnswerHeaders;
  /** For who asks for an explanation, and may have it. */
  readonly extensions: Json | undefined;
}

/** The response cache: whole responses, root fetches and entities, in memory and in Redis. */
export interface Cache extends Running {
  /** Reads what a graph says of keys and tags, and warns of what means nothing. */
  prepare(supergraph: Supergraph): void;
  visit(visiting: Visiting): Visit;
  /** Answers with a whole response that is kept, or has one produced, and keeps it if it may. */
  readonly answer: AnswerResponse;
  /** Puts itself between an execution and the subgraphs. */
  readonly ask: (looking: Looking, next: Ask) => Ask;
  readonly createRecord: typeof createRecord;
  /** As the client gets it, and explained, if it may be. */
  present(answered: Answered, options: PresentOptions): Presented;
  /** How it came, for who may know. */
  tell(answered: Answered): Told;
  /** Voids what a mutation changed. Resolves when no gateway that looks into Redis gives it any more, or that cannot be reached. */
  written(written: Written): Promise<void>;
  /** Voids what is named. */
  invalidate(invalidations: readonly Invalidation[], supergraph: Supergraph): Promise<Invalidated>;
}

/** How an answer came: the whole, and what was asked of subgraphs for it. */
export interface Told {
  readonly response: Json;
  readonly fetches: readonly { readonly node: FetchNode; readonly told: Json }[];
}

/** What became of an invalidation. */
export type Invalidated = PurgeOutcome & {
  /** What of it the graph does not know. */
  readonly unknown: readonly string[];
  /** What a CDN has to purge, where it gets tags; by any of them. */
  readonly headerTags: readonly string[];
};

export interface PresentOptions {
  /** Those of the client. */
  readonly headers: Visiting['headers'];
  /** Whether no cache but the client's own may keep it, whatever the subgraphs say. */
  readonly isPrivate: boolean;
}

/** What the cache knows of a graph. */
interface ReadGraph {
  readonly rules: TagRules;
  readonly findTags: FindAnswerTags;
}

export interface CacheOptions {
  readonly config: CacheConfig;
  /** Closed by who opened it. */
  readonly store: Store;
  /** Names of headers that are made from claims. */
  readonly claimHeaders: readonly string[];
  /** Told of every purge as soon as it is known here: what was asked for before is not given to who asks afterwards. */
  readonly onPurge: () => void;
  readonly log: Log;
}

/** Opens it. Redis may be away: then what is in memory is of no use, and everything is fetched, until it is there. */
export async function openCache(options: CacheOptions): Promise<Cache> {
  const { store, onPurge, log } = options;
  // What is made from claims says who asks.
  const credentialHeaders = [...options.config.credentialHeaders, ...options.claimHeaders];
  const config = { ...options.config, credentialHeaders };
  const stack = new ClosingStack();
  const { namespace, maxTags: mostTags, leaseMs, waitMs } = config;
  const purges = stack.add('purges', await openPurgeState({ store, maxStaleMs: config.l1.maxStaleMs, onPurge }));
  const levels = stack.add('cache levels', createLevels({ store, purges, memoryBytes: config.l1.maxBytes }));
  if (!store.isShared) log.info('answers are kept in this process alone: REDIS_URL is not set');
  const shared = { store, levels, purges, leaseMs, waitMs };
  const toCancelled = () => new GatewayError('REQUEST_CANCELLED', 'The request was cancelled.');
  const graphs = new WeakMap<Supergraph, ReadGraph>();

  /** What is read of a graph, once: when it is about to be served, or at the latest when something is asked of it. */
  function read(supergraph: Supergraph): ReadGraph {
    let graph = graphs.get(supergraph);
    if (graph === undefined) {
      const { schema, planner } = supergraph;
      const rules = readTagRules(planner.cacheRules, schema);
      for (const warning of [...rules.warnings, ...findUnknownNames(config, rules, schema)]) log.warn(warning);
      graph = { rules, findTags: createAnswerTags({ schema, rules, mostTags }) };
      graphs.set(supergraph, graph);
    }
    return graph;
  }

  const now = Date.now;
  const ask = createFetchCache({
    ...{ levels, purges, namespace, now },
    fill: createFill<SubgraphResponse>(shared, toCancelled),
    readPolicy: createReadPolicy(config),
    hasTypeRules: (subgraph) => Object.keys(config.subgraph[subgraph]?.types ?? {}).length > 0,
    isShadow: config.mode === 'shadow',
    tagsOf: (supergraph) => read(supergraph).findTags,
  });
  const fill = createFill<Judged>(shared, toCancelled);
  const answer = createResponseCache({
    ...{ levels, fill, purges, namespace, mostTags, now },
    isOff: config.mode !== 'on',
  });
  const toRequester = createRequesters({
    credentials: config.credentialHeaders,
    irrelevant: config.irrelevantHeaders,
    claims: config.identityClaims,
  });
  const toWrittenTags = createWrittenTags(config.mutations);

  async function purge(tags: ReadonlySet<string> | 'everything'): Promise<PurgeOutcome> {
    const outcome = await purges.purge(tags === 'everything' ? tags : [...tags]);
    if (outcome.isPending)
      log.warn('a purge cannot be told to Redis now: it holds in this gateway, and is tried again');
    else if (!outcome.isReplicated)
      log.warn('fewer replicas than cache.redis.waitReplicas have a purge in time: a failover of Redis may lose it');
    return outcome;
  }

  function isExplained({ 'cache-explain': key }: Visiting['headers']): boolean {
    const { explainKey } = config;
    return key !== undefined && explainKey !== undefined && isSameSecret(key, explainKey);
  }

  // What was kept of them before they were turned off is not given, either.
  const off = Object.keys(config.subgraph).filter((name) => config.subgraph[name]?.isEnabled === false);
  if (off.length > 0) await purge(new Set(off.map(subgraphTag)));

  return {
    prepare: (supergraph) => void read(supergraph),
    visit: ({ supergraph, isWriting, epoch, sent, headers, identity, isExplained: isAllExplained }) => ({
      ...{ supergraph, isWriting, epoch },
      isTold: config.tagHeader.name !== undefined || isAllExplained || isExplained(headers),
      requester: toRequester(sent, identity),
      wish: readCacheWish(headers['cache-control'], headers.pragma),
    }),
    answer,
    ask,
    createRecord,
    present: (answered, { headers, isPrivate }) => {
      const answerHeaders = toAnswerHeaders(isPrivate ? toPrivate(answered) : answered, config.tagHeader);
      // Lifetimes that are on trial are none yet for browsers and caches between.
      const isForCaches = config.mode !== 'shadow';
      return {
        body: answered.body,
        headers: isForCaches ? answerHeaders : { ...answerHeaders, 'cache-control': 'no-store' },
        extensions: isExplained(headers) ? { cache: explain(answered) } : undefined,
      };
    },
    tell: (answered) => ({
      response: explainResponse(answered),
      fetches: answered.steps.map((step) => ({ node: step.node, told: explainStep(step) })),
    }),
    written: async (written) => {
      const tags = toWrittenTags(written);
      if (tags === 'everything' || tags.size > 0) await purge(tags);
    },
    invalidate: async (invalidations, supergraph) => {
      const { rules } = read(supergraph);
      const unknown = invalidations.flatMap((one) => findUnknown(one, rules, supergraph.schema) ?? []);
      const tags = new Set(invalidations.flatMap(toPurgeTags));
      const headerTags = config.tagHeader.name === undefined ? [] : [...tags].map(toHeaderTag);
      return { ...(await purge(tags)), unknown, headerTags };
    },
    close: () => stack.close(),
  };
}
