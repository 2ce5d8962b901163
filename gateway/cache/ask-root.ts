import type { FetchNode } from '../../planning/plan.ts';
import { isObject } from '../execution/own.ts';
import { type Ask, isOfSubgraph, parseBody, type SubgraphRequest, type SubgraphResponse } from '../execution/reply.ts';
import { publishCacheEvent } from './cache-events.ts';
import { toCacheKey } from './cache-key.ts';
import type { Entry } from './entry.ts';
import type { FetchContext } from './fetch-cache.ts';
import type { Fetched } from './fill.ts';
import { decideKeeping, faultOf, findTags, refuse } from './keeping.ts';
import type { Found } from './levels.ts';
import { policyOf } from './part.ts';
import { createRecord, type Step } from './record.ts';
import { createRefreshes } from './refreshes.ts';
import { UNTAGGED } from './tag-set.ts';
import { keepFetched, toFetched } from './to-fetched.ts';
import { findBest, isFor, type Looking, ownKey } from './visit.ts';

/** A fetch that goes through the cache. */
export type AskThrough = (looking: Looking, next: Ask, request: SubgraphRequest) => Promise<SubgraphResponse>;

/** Variables stand at the end of a call's text: that much of it tells most of them apart. In characters. */
const DECIDING = 100;

/** Fetches of root fields: kept whole, as the bytes that came. */
export function createAskRoot(context: FetchContext): AskThrough {
  const { levels, fill, purges, now, keyParts, skips, worths, isShadow } = context;
  const refreshes = createRefreshes();

  return (looking, next, request) => {
    const { wish, isWriting, isAlone, requester } = looking;
    const { node, callText, variables } = request;
    if (isWriting || !wish.mayStore || skips.has(node)) return passOver(looking, next, request);
    const text = callText.write(variables, undefined);
    if (isAlone && worths.of(node, requester.headers, decidingOf(node, text)) === 'passed over')
      return passOver(looking, next, request);
    return lookFor(looking, next, request, text);
  };

  /** @param text of the call */
  async function lookFor(
    looking: Looking,
    next: Ask,
    request: SubgraphRequest,
    text: string,
  ): Promise<SubgraphResponse> {
    const { wish, isAlone, epoch, signal, deadline, requester } = looking;
    const { node } = request;
    const key = toCacheKey('fetch', [...keyParts(node, looking), text], levels.isShared);
    const found = wish.mayRead ? await findBest(levels, key, looking) : undefined;
    if (wish.mayRead) worths.note(node, found !== undefined);
    if (isShadow) return compare(found, await fetchAlone(looking, next, request, key));
    if (found !== undefined && found.freshness !== 'for errors') {
      if (found.freshness === 'stale') refresh(looking, request, key, found);
      return use(looking, request, key, found.entry, found.freshness === 'stale' ? 'stale' : 'hit');
    }
    if (!wish.mayRead) return fetchAlone(looking, next, request, key);
    try {
      const fetch = (_: unknown, born: number) => fetchFor(looking, next, request, { key, born });
      const filled = await fill({
        key,
        epoch,
        isLeased: true,
        isAlone: isAlone || !wish.mayJoin,
        signal,
        deadline,
        isFor: (entry) => isFor(entry, requester),
        fetch,
      });
      if (filled.source === 'fetched') return filled.value;
      return use(looking, request, key, filled.source === 'joined' ? filled.entry : filled.found.entry, 'coalesced');
    } catch (error) {
      if (found === undefined || !isOfSubgraph(error) || levels.judge(found.entry) === undefined) throw error;
      return use(looking, request, key, found.entry, 'stale for an error');
    }
  }

  /** Neither looked for nor kept. A hot path where nothing is asked for again. */
  function passOver(looking: Looking, ask: Ask, request: SubgraphRequest): Promise<SubgraphResponse> {
    return ask(request).then((response) => {
      recordFetched(looking, request, response, undefined, now());
      return response;
    });
  }

  /** Waited for by nobody else. */
  async function fetchAlone(looking: Looking, ask: Ask, request: SubgraphRequest, key: string) {
    const fetched = await fetchFor(looking, ask, request, { key, born: purges.born() });
    keepFetched(levels, key, fetched);
    return fetched.value;
  }

  async function fetchFor(
    looking: Looking,
    ask: Ask,
    request: SubgraphRequest,
    { key, born }: { readonly key: string; readonly born: number },
  ): Promise<Fetched<SubgraphResponse>> {
    const response = await ask(request);
    const at = now();
    const { policy, audience, tagged } = recordFetched(looking, request, response, key, at);
    const kept = { policy, audience, tagged, born, body: response.reply?.body, now: at };
    return toFetched(response, kept, key, looking.requester);
  }

  /** @param key under which it is kept, if it is to be */
  function recordFetched(
    looking: Looking,
    request: SubgraphRequest,
    response: SubgraphResponse,
    key: string | undefined,
    at: number,
  ) {
    const { record, isWriting } = looking;
    const found = findTags(context, looking, request, response, looking.isTagged || key !== undefined);
    const decided = decideKeeping(context, looking, request, response);
    const fault = response.errors.length > 0 || found === undefined ? 'errors' : faultOf(found);
    const { reason, policy, audience } = fault === undefined ? decided : refuse(fault);
    if (!isWriting && response.errors.length === 0) skips.note(request.node, decided.policy.isStorable);
    const tagged = found?.shared ?? UNTAGGED;
    const { tags } = tagged;
    record.parts.push({ policy, tagged, at });
    const decision = reason === undefined ? 'miss' : 'refused';
    const { node } = request;
    record.steps.push({ subgraph: node.serviceName, node, kind: 'root', decision, key: key ?? '', tags, reason });
    return { policy, audience, tagged };
  }

  function use(
    { record }: Looking,
    { node }: SubgraphRequest,
    key: string,
    entry: Entry,
    decision: Step['decision'],
  ): SubgraphResponse {
    const at = now();
    const { scope, tags, madeAt, freshUntil } = entry;
    record.parts.push({ policy: policyOf(entry, at), tagged: entry, at });
    record.steps.push({
      ...{ subgraph: node.serviceName, node },
      kind: 'root',
      decision,
      scope,
      key,
      tags,
      ageMs: at - madeAt,
      ttlMs: freshUntil - at,
    });
    const parsed = parseBody(entry.body);
    return { data: isObject(parsed) && isObject(parsed.data) ? parsed.data : null, errors: [] };
  }

  /** A newer one, for those who come later. */
  function refresh(looking: Looking, request: SubgraphRequest, key: string, { entry }: Found): void {
    const { requester, epoch } = looking;
    refreshes.begin([entry.scope === 'private' ? ownKey(key, requester) : key], async () => {
      const { ask, release } = looking.detach();
      // What it records is part of nobody's answer.
      const apart = { ...looking, record: createRecord() };
      const fetch = (_: unknown, born: number) => fetchFor(apart, ask, request, { key, born });
      await fill({ key, epoch, isLeased: false, fetch }).finally(release);
    });
  }
}

function decidingOf({ variableUsages = [] }: FetchNode, text: string): string {
  return variableUsages.length === 0 ? '' : text.slice(-DECIDING);
}

/** Shadow mode: what was fetched is given, and what was kept compared with it. */
function compare(kept: Found | undefined, response: SubgraphResponse): SubgraphResponse {
  if (kept === undefined || response.errors.length > 0) return response;
  const parsed = parseBody(kept.entry.body);
  const isSame = isObject(parsed) && JSON.stringify(parsed.data) === JSON.stringify(response.data);
  publishCacheEvent({ kind: 'shadow', type: 'Query', isSame });
  return response;
}
