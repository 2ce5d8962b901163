import { GatewayError } from '../errors.ts';
import { isObject, type Json, readOwn } from '../execution/own.ts';
import { type Ask, isOfSubgraph, parseBody, type SubgraphRequest, type SubgraphResponse } from '../execution/reply.ts';
import type { AskThrough } from './ask-root.ts';
import { publishCacheEvent } from './cache-events.ts';
import { toCacheKey } from './cache-key.ts';
import { faultyEntities, placeErrors } from './entity-errors.ts';
import type { FetchContext } from './fetch-cache.ts';
import { decideKeeping, faultOf, findTags, refuse } from './keeping.ts';
import type { Found } from './levels.ts';
import { policyOf, toEntry } from './part.ts';
import { createRecord, type Reason } from './record.ts';
import { findBest, type Looking, ownKey } from './visit.ts';

/** One entity that is asked for. */
interface Wanted {
  readonly representation: string;
  /** Where it stands in the answer. */
  readonly index: number;
  readonly key: string;
  readonly found: Found | undefined;
}

/** Fetches of entities: each is kept for itself, and only those that are not there are asked for. */
export function createAskEntities(context: FetchContext): AskThrough {
  const { levels, purges, now, keyParts, skips, isShadow } = context;
  const refreshing = new Set<string>();

  return async (looking, next, request) => {
    const { node, callText, variables, representations = [] } = request;
    const { wish, isWriting } = looking;
    const isLooked = !isWriting && wish.mayStore && !skips.has(node);
    const base = isLooked ? toCacheKey('entities', [...keyParts(node, looking), callText.write(variables, [])]) : '';
    const keys = representations.map((text) => (isLooked ? toCacheKey('entity', [base, text]) : ''));
    const founds = isLooked && wish.mayRead ? await Promise.all(keys.map((key) => findBest(levels, key, looking))) : [];
    const wanted = representations.map((representation, index) => ({
      ...{ representation, index, key: keys[index] ?? '', found: founds[index] },
    }));
    if (isShadow) return compare(wanted, await fetch(looking, next, request, wanted));

    const isUsable = ({ found }: Wanted) => found !== undefined && found.freshness !== 'for errors';
    const present = wanted.filter(isUsable);
    const missing = wanted.filter((one) => !isUsable(one));
    const stale = present.filter(({ found }) => found?.freshness === 'stale');
    if (stale.length > 0) refresh(looking, request, stale);
    if (missing.length === 0) return { data: { _entities: use(looking, request, present, 0) }, errors: [] };
    if (present.length === 0) return fetch(looking, next, request, missing);

    const { received, errors } = await fetchMissing(looking, next, request, missing);
    const entities: unknown[] = [];
    for (const [at, { index }] of missing.entries()) entities[index] = received?.[at] ?? null;
    for (const [at, entity] of use(looking, request, present, missing.length).entries())
      entities[present[at]?.index ?? 0] = entity;
    return { data: { _entities: entities }, errors };
  };

  /** What cannot be had costs only those that are missing: each has an error of its own then. */
  async function fetchMissing(looking: Looking, ask: Ask, request: SubgraphRequest, missing: readonly Wanted[]) {
    try {
      const { data, errors } = await fetch(looking, ask, request, missing);
      const received = listOf(data, missing.length);
      if (received !== undefined) return { received, errors: placeErrors(errors, missing) };
      return { received, errors: failEach(missing, errors[0] ?? notEntities(request, missing.length)) };
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
      return { data: { _entities: use(looking, request, fallen, 0) }, errors: [] };
    }
    keepEach(looking, asked, response, wanted, born);
    return response;
  }

  function keepEach(
    looking: Looking,
    request: SubgraphRequest,
    response: SubgraphResponse,
    wanted: readonly Wanted[],
    born: number,
  ): void {
    const { record, requester } = looking;
    const subgraph = request.node.serviceName;
    const found = findTags(context, looking, request, response);
    // Another number of them: nobody knows which is which.
    const entities = listOf(response.data, wanted.length);
    const faulty = faultyEntities(response.errors);
    const all = new Set(found?.shared.tags);
    let reason: Reason | undefined;
    let kept = 0;
    let mayBeKept = false;
    for (const [at, { key, representation }] of wanted.entries()) {
      const entity = entities?.[at];
      const own = found?.entities?.[at];
      for (const tag of own?.tags ?? []) all.add(tag);
      const isFaulty = entities === undefined || found === undefined || faulty === 'all' || faulty.has(at);
      const fault = isFaulty ? 'errors' : faultOf(found, own);
      const decided = decideKeeping(context, looking, request, response, typenameOf(representation));
      mayBeKept ||= decided.policy.isStorable;
      const { policy, audience, reason: why } = fault === undefined ? decided : refuse(fault);
      record.parts.push({ policy, tags: [], at: now() });
      if (why !== undefined) reason ??= why;
      if (!policy.isStorable || audience === 'nobody' || !isObject(entity)) continue;
      kept++;
      if (key === '') continue;
      const tags = [...new Set([...(found?.shared.tags ?? []), ...(own?.tags ?? [])])];
      const body = Buffer.from(JSON.stringify(entity));
      const entry = toEntry({ policy, audience, tags, born, body, now: now() });
      levels.keep(audience === 'everyone' ? key : ownKey(key, requester.owner ?? ''), entry);
    }
    if (!looking.isWriting && response.errors.length === 0) skips.note(request.node, mayBeKept);
    const last = record.parts.pop();
    if (last !== undefined) record.parts.push({ ...last, tags: [...all] });
    const decision = kept > 0 ? 'miss' : 'refused';
    record.steps.push({ subgraph, kind: 'entities', decision, found: `0 of ${wanted.length}`, tags: [...all], reason });
  }

  /** Those that were there. @param missing how many were not */
  function use({ record }: Looking, { node }: SubgraphRequest, present: readonly Wanted[], missing: number): unknown[] {
    const at = now();
    const entries = present.flatMap(({ found }) => found?.entry ?? []);
    for (const entry of entries) record.parts.push({ policy: policyOf(entry, at), tags: entry.tags, at });
    const isStale = entries.some(({ freshUntil }) => freshUntil <= at);
    record.steps.push({
      subgraph: node.serviceName,
      kind: 'entities',
      decision: missing > 0 ? 'partial' : isStale ? 'stale' : 'hit',
      found: `${present.length} of ${present.length + missing}`,
      scope: entries.some(({ scope }) => scope === 'private') ? 'private' : 'public',
      ageMs: at - Math.min(...entries.map(({ madeAt }) => madeAt)),
      ttlMs: Math.min(...entries.map(({ freshUntil }) => freshUntil)) - at,
      tags: [...new Set(entries.flatMap(({ tags }) => tags))],
    });
    return entries.map(({ body }) => parseBody(body));
  }

  /** Newer ones, for those who come later; once, whoever asks for them meanwhile. */
  function refresh(looking: Looking, request: SubgraphRequest, stale: readonly Wanted[]): void {
    const due = stale.filter(({ key }) => !refreshing.has(key));
    if (due.length === 0) return;
    for (const { key } of due) refreshing.add(key);
    const { ask, release } = looking.detach();
    fetch({ ...looking, record: createRecord() }, ask, request, due)
      .catch(() => undefined)
      .finally(() => {
        for (const { key } of due) refreshing.delete(key);
        release();
      });
  }
}

function listOf(data: unknown, length: number): readonly unknown[] | undefined {
  const list = isObject(data) ? readOwn(data, '_entities') : undefined;
  return Array.isArray(list) && list.length === length ? list : undefined;
}

/** Of what was asked for: plans need not ask for it in the answer. */
function typenameOf(representation: string): string | undefined {
  const { __typename: typename } = JSON.parse(representation) as Json;
  return typeof typename === 'string' ? typename : undefined;
}

function notEntities({ node }: SubgraphRequest, count: number): GatewayError {
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${node.serviceName}" did not answer with the ${count} entities it was asked for.`,
  );
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
    publishCacheEvent({ kind: 'shadow', type: String((JSON.parse(representation) as Json).__typename), isSame });
  }
  return response;
}
