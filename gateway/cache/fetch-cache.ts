import { parse } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import type { Ask, SubgraphResponse } from '../execution/reply.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { FindAnswerTags } from './answer-tags.ts';
import { createAskEntities } from './ask-entities.ts';
import { createAskRoot } from './ask-root.ts';
import type { Fill } from './fill.ts';
import type { Levels } from './levels.ts';
import type { PurgeState } from './purge-state.ts';
import { hashSchemaPart } from './schema-part.ts';
import { createSkips, type Skips } from './skips.ts';
import type { ReadPolicy } from './subgraph-policy.ts';
import type { Looking } from './visit.ts';
import { createWorths, type Worths } from './worth.ts';

export interface FetchCacheOptions {
  readonly levels: Levels;
  readonly fill: Fill<SubgraphResponse>;
  readonly purges: PurgeState;
  readonly readPolicy: ReadPolicy;
  /** Whether the policy of an entity depends on its type. */
  readonly hasTypeRules: (subgraph: string) => boolean;
  readonly tagsOf: (supergraph: Supergraph) => FindAnswerTags;
  /** Of the graph's variant. */
  readonly namespace: string;
  /** Whether what is kept is compared with what is fetched, and never given. */
  readonly isShadow: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What the two kinds of fetches have in common. */
export interface FetchContext extends FetchCacheOptions {
  /** What all keys of a fetch have in common. */
  readonly keyParts: (node: FetchNode, looking: Looking) => readonly string[];
  readonly skips: Skips<FetchNode>;
  readonly worths: Worths<FetchNode>;
}

/**
 * Makes the function that puts the cache between an execution and the subgraphs: root fetches and entities that are kept are not asked
 * for again, and what is asked for is kept when it may be.
 */
export function createFetchCache(options: FetchCacheOptions): (looking: Looking, next: Ask) => Ask {
  const schemaParts = new WeakMap<FetchNode, string>();
  const { now, namespace } = options;
  const context: FetchContext = {
    ...options,
    keyParts: (node, { supergraph, requester }) => {
      let part = schemaParts.get(node);
      if (part === undefined) {
        part = hashSchemaPart(supergraph.schema, parse(node.operation, { noLocation: true }));
        schemaParts.set(node, part);
      }
      return [namespace, node.serviceName, part, requester.headers];
    },
    skips: createSkips(now),
    worths: createWorths(false),
  };
  const askRoot = createAskRoot(context);
  const askEntities = createAskEntities(context);
  return (looking, next) => (request) =>
    request.representations === undefined ? askRoot(looking, next, request) : askEntities(looking, next, request);
}
