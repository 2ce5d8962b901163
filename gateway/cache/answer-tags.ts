import type { GraphQLSchema } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import type { Json } from '../execution/own.ts';
import { readExtensionTags } from './extension-tags.ts';
import { compileFetchTags, type FetchTags, readSubgraphTags, type SubgraphTags } from './fetch-tags.ts';
import { type BoundTags, boundTags, namedTag } from './tag.ts';
import type { TagRules } from './tag-rules.ts';
import { TagSet } from './tag-set.ts';

/** An answer of a subgraph, as it came: before the plan's rewrites. */
export interface FetchAnswer {
  /** What the call sent, without `representations`. */
  readonly variables: Json;
  /** Of a fetch of entities: each as the JSON that was sent, in order. */
  readonly representations?: readonly string[] | undefined;
  readonly data: Json;
  /** Of which entities, by their places, the tags are needed; by default of all. */
  readonly isSought?: (index: number) => boolean;
  /** Of the response, as they came. */
  readonly extensions?: unknown;
}

/** The tags of one answer: all that it contains, so that a purge of anything of it voids it. */
export interface AnswerTags {
  /** Of the whole: each entity has them, too. */
  readonly shared: BoundTags;
  /** Of each entity that was sought, besides those of the whole, by its place; `undefined` for fields of `Query`. */
  readonly entities: readonly BoundTags[] | undefined;
  /**
   * The formats of `@cacheTag` that gave no tag, because a value was missing, null, no scalar, or not asked for. Purges of
   * such a tag do not void the answer; those of its types and entities do.
   */
  readonly unformed: readonly string[];
  /** Why the answer must not be kept: tags of the subgraph that are none. */
  readonly fault: string | undefined;
}

export interface AnswerTagsOptions {
  readonly schema: GraphQLSchema;
  readonly rules: TagRules;
  /** More are made fewer, which are voided more often. Of the whole and of each entity. */
  readonly mostTags?: number;
}

/** Finds the tags of an answer to a fetch. */
export type FindAnswerTags = (node: FetchNode, answer: FetchAnswer) => AnswerTags;

/**
 * Makes the function that finds the tags of answers. What can be known of a fetch without its answer is found once; an answer is
 * walked only to where there are keys and formats to read.
 *
 * For a whole response, put the tags of all its answers together, by `boundTags`.
 */
export function createAnswerTags({ schema, rules, mostTags = 1_000 }: AnswerTagsOptions): FindAnswerTags {
  const compiled = new WeakMap<FetchNode, FetchTags>();
  const subgraphs = new Map<string, SubgraphTags>();

  function readFetch(node: FetchNode): FetchTags {
    const subgraph = subgraphs.get(node.serviceName) ?? readSubgraphTags(node.serviceName, schema, rules);
    subgraphs.set(node.serviceName, subgraph);
    const fetchTags = compileFetchTags(node, subgraph);
    compiled.set(node, fetchTags);
    return fetchTags;
  }

  return (node, answer) => {
    const fetchTags = compiled.get(node) ?? readFetch(node);
    const shared = new TagSet(fetchTags.tagged);
    const unformed = new Set(fetchTags.unformed);
    fetchTags.addArgumentTags(answer.variables, shared, unformed);
    const { representations, isSought = () => true } = answer;
    let entities = representations && fetchTags.entityTags(representations, answer.data, unformed, isSought);
    if (entities === undefined) fetchTags.addDataTags(answer.data, shared);

    const extended = readExtensionTags(answer.extensions, representations?.length);
    if (typeof extended !== 'string') {
      shared.addTexts(extended.answer.map(namedTag));
      if (extended.entities.length > 0)
        entities = entities?.map((own, index) =>
          new TagSet(own).addTexts((extended.entities[index] ?? []).map(namedTag)),
        );
    }
    return {
      shared: boundTags(shared, mostTags),
      entities: entities?.map((own) => boundTags(own, mostTags)),
      unformed: [...unformed],
      fault: typeof extended === 'string' ? extended : undefined,
    };
  };
}
