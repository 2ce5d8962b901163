import { isObject } from '../execution/own.ts';
import type { SubgraphRequest, SubgraphResponse } from '../execution/reply.ts';
import type { AnswerTags } from './answer-tags.ts';
import type { FetchContext } from './fetch-cache.ts';
import { type Audience, audienceOf, type PartPolicy } from './part.ts';
import type { Reason } from './record.ts';
import type { BoundTags } from './tag.ts';
import { UNTAGGED } from './tag-set.ts';
import type { Looking } from './visit.ts';

/** Whether an answer, or an entity of one, may be kept. */
export interface Keeping {
  /** What it says to whatever it becomes part of. */
  readonly policy: PartPolicy;
  /** For whom it is kept; `nobody` when it is not. */
  readonly audience: Audience;
  readonly reason: Reason | undefined;
}

/** Decides by the headers of an answer, and by who asked. @param type of an entity */
export function decideKeeping(
  { readPolicy }: FetchContext,
  { requester, wish, isWriting }: Looking,
  { node }: SubgraphRequest,
  { reply }: SubgraphResponse,
  type?: string,
): Keeping {
  if (isWriting) return refuse('a mutation');
  const policy = readPolicy(node.serviceName, reply, type);
  if (policy === 'off') return refuse('turned off');
  if (!policy.isStorable) return refuse(policy.reason);
  const audience = audienceOf(policy, requester);
  if (!wish.mayStore) return { policy, audience: 'nobody', reason: 'the client said no-store' };
  return { policy, audience, reason: audience === 'nobody' ? 'no identity' : undefined };
}

export function refuse(reason: Reason): Keeping {
  return { policy: { isStorable: false, reason }, audience: 'nobody', reason };
}

/** Of what is kept by nobody who needs them. */
const UNSOUGHT: AnswerTags = {
  shared: { ...UNTAGGED, isExcessive: false },
  entities: undefined,
  unformed: [],
  fault: undefined,
};

/**
 * The tags of an answer; nothing for one without data.
 *
 * @param isSought whether they are needed; of entities, by their places in the answer: else those of all
 */
export function findTags(
  { tagsOf }: FetchContext,
  { supergraph }: Looking,
  { node, variables, representations }: SubgraphRequest,
  { data, extensions }: SubgraphResponse,
  isSought: boolean | ((index: number) => boolean),
): AnswerTags | undefined {
  if (!isObject(data)) return undefined;
  if (isSought === false) return UNSOUGHT;
  const answer = { variables, representations, data, extensions };
  return tagsOf(supergraph)(node, isSought === true ? answer : { ...answer, isSought });
}

/** @returns why something with these tags must not be kept, if it must not */
export function faultOf({ fault, shared }: AnswerTags, own?: BoundTags): Reason | undefined {
  if (fault !== undefined) return 'tags that are none';
  return shared.isExcessive || own?.isExcessive === true ? 'too many tags' : undefined;
}
