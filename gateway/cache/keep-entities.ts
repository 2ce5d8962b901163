import { isObject, type Json, readOwn } from '../execution/own.ts';
import type { SubgraphRequest, SubgraphResponse } from '../execution/reply.ts';
import type { AnswerTags } from './answer-tags.ts';
import { faultyEntities } from './entity-errors.ts';
import type { FetchContext } from './fetch-cache.ts';
import { decideKeeping, faultOf, findTags, type Keeping, refuse } from './keeping.ts';
import { type PartPolicy, toEntry } from './part.ts';
import type { Reason } from './record.ts';
import { both, type Tagged, TagSet, UNTAGGED } from './tag-set.ts';
import { type Looking, ownKey } from './visit.ts';

/** An answer to a fetch of entities. */
export interface EntitiesAnswer {
  readonly request: SubgraphRequest;
  readonly response: SubgraphResponse;
  /** Of each entity, in order, empty for one that is not kept; `undefined` when none is. */
  readonly keys: readonly string[] | undefined;
  readonly born: number;
}

/** Keeps the entities of an answer that may be kept, each for itself, and takes note of the answer. */
export type KeepEntities = (looking: Looking, answer: EntitiesAnswer) => void;

export function createKeepEntities(context: FetchContext): KeepEntities {
  const { levels, now, skips, hasTypeRules } = context;

  return (looking, answer) => {
    const { request, response } = answer;
    const entities = listOf(response.data, countOf(answer));
    const isFlawless = response.errors.length === 0 && entities !== undefined;
    if (isFlawless && !looking.isTagged && !hasTypeRules(request.node.serviceName))
      keepAlike(looking, answer, entities);
    else keepEach(looking, answer, entities);
  };

  /**
   * What holds for one of them holds for all, and nobody wants to know more: only those that are kept are looked at. A hot path where
   * nothing is asked for again.
   */
  function keepAlike(looking: Looking, answer: EntitiesAnswer, entities: readonly unknown[]): void {
    const { request, response, keys = [], born } = answer;
    const decided = decideKeeping(context, looking, request, response);
    const { audience } = decided;
    const isSought = (index: number) => keys[index] !== '';
    const found =
      audience !== 'nobody' && keys.length > 0 ? findTags(context, looking, request, response, isSought) : undefined;
    const fault = found && faultOf(found);
    const { policy, reason } = fault === undefined ? decided : refuse(fault);
    const at = now();
    if (found !== undefined && fault === undefined) {
      for (const [index, key] of keys.entries()) {
        if (key !== '' && faultOf(found, found.entities?.[index]) === undefined)
          keep(looking, key, entities[index], { decided, tagged: tagsOf(found, index), born, at });
      }
    }
    if (!looking.isWriting) skips.note(request.node, decided.policy.isStorable);
    looking.record.parts.push({ policy, tagged: UNTAGGED, at });
    note(looking, answer, { isAnyKept: policy.isStorable && audience !== 'nobody', tags: [], reason });
  }

  function keepEach(looking: Looking, answer: EntitiesAnswer, entities: readonly unknown[] | undefined): void {
    const { request, response, keys, born } = answer;
    const { record, isWriting } = looking;
    const { node, representations = [] } = request;
    const at = now();
    const found = findTags(context, looking, request, response, looking.isTagged || keys !== undefined);
    const faulty = faultyEntities(response.errors);
    const all = new TagSet(found?.shared ?? UNTAGGED);
    const policies = new Set<PartPolicy>();
    const isByType = hasTypeRules(node.serviceName);
    let reason: Reason | undefined;
    let isAnyKept = false;
    let mayBeKept = false;
    const decisions = new Map<string | undefined, Keeping>();
    for (const [index, representation] of representations.entries()) {
      const entity = entities?.[index];
      const own = found?.entities?.[index];
      if (own !== undefined) all.addAll(own);
      // Of another number of them nobody knows which is which.
      const isFaulty = entities === undefined || found === undefined || faulty === 'all' || faulty.has(index);
      const fault = isFaulty ? 'errors' : faultOf(found, own);
      // All that decides is that of the answer, but for what the options say of types.
      const type = isByType ? typenameOf(representation) : undefined;
      const decided = decisions.get(type) ?? decideKeeping(context, looking, request, response, type);
      decisions.set(type, decided);
      mayBeKept ||= decided.policy.isStorable;
      const { policy, audience, reason: why } = fault === undefined ? decided : refuse(fault);
      policies.add(policy);
      reason ??= why;
      if (!policy.isStorable || audience === 'nobody' || !isObject(entity) || found === undefined) continue;
      isAnyKept = true;
      const key = keys?.[index] ?? '';
      if (key !== '') keep(looking, key, entity, { decided, tagged: tagsOf(found, index), born, at });
    }
    if (!isWriting && response.errors.length === 0) skips.note(node, mayBeKept);
    for (const policy of policies) record.parts.push({ policy, tagged: all, at });
    note(looking, answer, { isAnyKept, tags: all.tags, reason });
  }

  /** @param key that of everyone */
  function keep(
    { requester }: Looking,
    key: string,
    entity: unknown,
    {
      decided: { policy, audience },
      tagged,
      born,
      at,
    }: { readonly decided: Keeping; readonly tagged: Tagged; readonly born: number; readonly at: number },
  ): void {
    if (!policy.isStorable || audience === 'nobody' || !isObject(entity)) return;
    const keptAs = audience === 'owner' ? ownKey(key, requester) : key;
    if (!levels.wants(keptAs)) return;
    const body = JSON.stringify(entity);
    levels.keep(keptAs, toEntry({ policy, audience, tagged, born, body, now: at }));
  }
}

function note(
  { record }: Looking,
  answer: EntitiesAnswer,
  {
    isAnyKept,
    tags,
    reason,
  }: { readonly isAnyKept: boolean; readonly tags: readonly string[]; readonly reason: Reason | undefined },
): void {
  record.steps.push({
    ...{ subgraph: answer.request.node.serviceName, node: answer.request.node },
    kind: 'entities',
    decision: isAnyKept ? 'miss' : 'refused',
    found: `0 of ${countOf(answer)}`,
    tags,
    reason,
  });
}

function countOf({ request }: EntitiesAnswer): number {
  return request.representations?.length ?? 0;
}

/** Of one entity: those of the whole are its own, too. */
function tagsOf({ shared, entities }: AnswerTags, index: number): Tagged {
  return both(shared, entities?.[index] ?? UNTAGGED);
}

/** The entities of an answer, if there are as many as were asked for. */
export function listOf(data: unknown, length: number): readonly unknown[] | undefined {
  const list = isObject(data) ? readOwn(data, '_entities') : undefined;
  return Array.isArray(list) && list.length === length ? list : undefined;
}

/** Of what was asked for: plans need not ask for it in the answer. */
export function typenameOf(representation: string): string | undefined {
  const { __typename: typename } = JSON.parse(representation) as Json;
  return typeof typename === 'string' ? typename : undefined;
}
