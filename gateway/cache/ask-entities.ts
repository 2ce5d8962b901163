import { GatewayError } from '../errors.ts';
import { wrongCount } from '../execution/fetch-errors.ts';
import { isObject, type Json } from '../execution/own.ts';
import { type Ask, isOfSubgraph, parseBody, type SubgraphRequest, type SubgraphResponse } from '../execution/reply.ts';
import type { AskThrough } from './ask-root.ts';
import { publishCacheEvent } from './cache-events.ts';
import { toCacheKey } from './cache-key.ts';
import { placeErrors } from './entity-errors.ts';
import type { FetchContext } from './fetch-cache.ts';
import { createKeepEntities, listOf, typenameOf } from './keep-entities.ts';
import type { Found } from './levels.ts';
import { policyOf } from './part.ts';
import { createRecord, type Step } from './record.ts';
import { createRefreshes } from './refreshes.ts';
import { findEach, type Looking, ownKey } from './visit.ts';

/** One entity that is asked for. */
interface Wanted {
  readonly representation: string;
  /** Empty when it is neither looked for nor kept. */
  readonly key: string;
  /** Where it stands in the answer. */
  readonly index: number;
  readonly found: Found | undefined;
}

/** Fetches of entities: each is kept for itself, and only those that are not there are asked for. */
export function createAskEntities(context: FetchContext): AskThrough {
  const { levels, purges, now, keyParts, skips, worths, isShadow } = context;
  const refreshes = createRefreshes();
  const keepEntities = createKeepEntities(context);

  return (looking, next, request) => {
    const keys = keysOf(looking, request);
    if (keys === undefined) return fetchAll(looking, next, request, undefined);
    if (!isShadow && keys.includes('')) {
      void count(looking, request, keys);
      return fetchAll(looking, next, request, keys);
    }
    return lookFor(looking, next, request, keys);
  };

  /** Where most are passed over, that some of the others are there only tells of these: nobody waits for it. */
  async function count(looking: Looking, { node }: SubgraphRequest, keys: readonly string[]): Promise<void> {
    if (!looking.wish.mayRead) return;
    const looked = keys.filter((key) => key !== '');
    for (const found of await findEach(levels, looked, looking)) worths.note(node, found !== undefined);
  }

  async function lookFor(
    looking: Looking,
    next: Ask,
    request: SubgraphRequest,
    keys: readonly string[],
  ): Promise<SubgraphResponse> {
    const { node, representations = [] } = request;
    const looked = looking.wish.mayRead ? keys.filter((key) => key !== '') : [];
    const founds = looked.length > 0 ? await findEach(levels, looked, looking) : [];
    for (const found of founds) worths.note(node, found !== undefined);
    if (!isShadow && founds.every((found) => found === undefined)) return fetchAll(looking, next, request, keys);
    let at = 0;
    const wanted = representations.map((representation, index): Wanted => {
      const key = keys[index] ?? '';
      return { representation, index, key, found: key === '' ? undefined : founds[at++] };
    });
    if (isShadow) return compare(wanted, await fetch(looking, next, request, wanted));

    const isUsable = ({ found }: Wanted) => found !== undefined && found.freshness !== 'for errors';
    const present = wanted.filter(isUsable);
    const missing = wanted.filter((one) => !isUsable(one));
    const stale = present.filter(({ found }) => found?.freshness === 'stale');
    if (stale.length > 0) refresh(looking, request, stale);
    if (missing.length === 0) return { data: { _entities: use(looking, request, present) }, errors: [] };
    // There is something that may take the place of what fails.
    if (present.length === 0) return fetch(looking, next, request, missing);

    const { received, errors } = await fetchMissing(looking, next, request, missing);
    const entities: unknown[] = [];
    for (const [at, { index }] of missing.entries()) entities[index] = received?.[at] ?? null;
    for (const [at, entity] of use(looking, request, present, { missing: missing.length }).entries())
      entities[present[at]?.index ?? 0] = entity;
    return { data: { _entities: entities }, errors };
  }

  /** Of each, empty for one that is neither looked for nor kept; nothing when all are. */
  function keysOf(
    looking: Looking,
    { node, callText, variables, representations = [] }: SubgraphRequest,
  ): readonly string[] | undefined {
    const { wish, isWriting, isAlone, requester } = looking;
    if (isWriting || !wish.mayStore || skips.has(node)) return undefined;
    let base: string | undefined;
    const keys = representations.map((text) => {
      if (isAlone && worths.of(node, requester.headers, text) === 'passed over') return '';
      // Short, because it is part of many.
      base ??= toCacheKey('entities', [...keyParts(node, looking), callText.write(variables, [])], true);
      return toCacheKey('entity', [base, text], levels.isShared);
    });
    return base === undefined ? undefined : keys;
  }

  /** Asks for all of them. A hot path where nothing is asked for again. */
  function fetchAll(
    looking: Looking,
    ask: Ask,
    request: SubgraphRequest,
    keys: readonly string[] | undefined,
  ): Promise<SubgraphResponse> {
    const born = purges.born();
    return ask(request).then((response) => {
      keepEntities(looking, { request, response, keys, born });
      return response;
    });
  }

  /** What cannot be had costs only those that are missing: each has an error of its own then. */
  async function fetchMissing(looking: Looking, ask: Ask, request: SubgraphRequest, missing: readonly Wanted[]) {
    const { node } = request;
    try {
      const { data, errors } = await fetch(looking, ask, request, missing);
      const received = listOf(data, missing.length);
      if (received !== undefined) return { received, errors: placeErrors(errors, missing) };
      return { received, errors: failEach(missing, errors[0] ?? wrongCount(node, missing.length)) };
    } catch (error) {
      if (!isOfSubgraph(error)) throw error;
      return { received: undefined, errors: failEach(missing, error) };
    }
  }

  /** Asks for some of the entities, and keeps those that may be kept. */
  async function fetch(looking: Looking, ask: Ask, request: SubgraphRequest, wanted: readonly Wanted[]) {
    const born = purges.born();
    const representations = wanted.map(({ representation }) => representation);
    const asked = { ...request, representations };
    let response: SubgraphResponse;
    try {
      response = await ask(asked);
    } catch (error) {
      const fallen = wanted.flatMap((one) => (one.found && levels.judge(one.found.entry) ? [one] : []));
      if (isShadow || !isOfSubgraph(error) || fallen.length < wanted.length) throw error;
      const decision = 'stale for an error';
      return { data: { _entities: use(looking, request, fallen, { decision }) }, errors: [] };
    }
    keepEntities(looking, { request: asked, response, keys: wanted.map(({ key }) => key), born });
    return response;
  }

  /** Those that were there. @param missing how many were not */
  function use(
    { record }: Looking,
    { node }: SubgraphRequest,
    present: readonly Wanted[],
    { missing = 0, decision }: { readonly missing?: number; readonly decision?: Step['decision'] } = {},
  ): unknown[] {
    const at = now();
    const entries = present.flatMap(({ found }) => found?.entry ?? []);
    for (const entry of entries) record.parts.push({ policy: policyOf(entry, at), tagged: entry, at });
    const isStale = entries.some(({ freshUntil }) => freshUntil <= at);
    record.steps.push({
      ...{ subgraph: node.serviceName, node },
      kind: 'entities',
      decision: decision ?? (missing > 0 ? 'partial' : isStale ? 'stale' : 'hit'),
      found: `${present.length} of ${present.length + missing}`,
      scope: entries.some(({ scope }) => scope === 'private') ? 'private' : 'public',
      ageMs: at - Math.min(...entries.map(({ madeAt }) => madeAt)),
      ttlMs: Math.min(...entries.map(({ freshUntil }) => freshUntil)) - at,
      tags: [...new Set(entries.flatMap(({ tags }) => tags))],
    });
    return entries.map(({ body }) => parseBody(body));
  }

  /** Newer ones, for those who come later. */
  function refresh(looking: Looking, request: SubgraphRequest, stale: readonly Wanted[]): void {
    const keyOf = ({ key, found }: Wanted) => (found?.entry.scope === 'private' ? ownKey(key, looking.requester) : key);
    refreshes.begin(stale.map(keyOf), async (due) => {
      const { ask, release } = looking.detach();
      const apart = { ...looking, record: createRecord() };
      const wanted = stale.filter((one) => due.has(keyOf(one)));
      await fetch(apart, ask, request, wanted).finally(release);
    });
  }
}

function failEach(missing: readonly Wanted[], error: unknown): unknown[] {
  const told =
    error instanceof GatewayError
      ? { message: error.message, extensions: { ...error.extensions, code: error.code } }
      : (error as Json);
  return missing.map(({ index }) => ({ ...told, path: ['_entities', index] }));
}

/** Shadow mode: what was fetched is given, and what was kept compared with it. */
function compare(wanted: readonly Wanted[], response: SubgraphResponse): SubgraphResponse {
  const entities = listOf(response.data, wanted.length);
  for (const { found, index, representation } of wanted) {
    const entity = entities?.[index];
    if (found === undefined || !isObject(entity)) continue;
    const isSame = JSON.stringify(parseBody(found.entry.body)) === JSON.stringify(entity);
    publishCacheEvent({ kind: 'shadow', type: typenameOf(representation) ?? '', isSame });
  }
  return response;
}
