import { GatewayError } from '../errors.ts';
import type { Executed } from '../execution/execute.ts';
import { isSubgraphCode } from '../execution/reply.ts';
import type { Answered, ResponseDecision } from './answered.ts';
import type { Entry } from './entry.ts';
import type { Fetched, Fill } from './fill.ts';
import type { Found, Levels } from './levels.ts';
import { audienceOf, mergeParts, type PartPolicy, policyOf, type Refusal } from './part.ts';
import type { PurgeState } from './purge-state.ts';
import type { Reason, Record } from './record.ts';
import { createRefreshes } from './refreshes.ts';
import { createResponseKeys, type ResponseSubject } from './response-key.ts';
import { createSkips } from './skips.ts';
import { boundTags } from './tag.ts';
import { type Tagged, unite } from './tag-set.ts';
import { keepFetched, toFetched } from './to-fetched.ts';
import { findBest, isFor, ownKey, type Visit } from './visit.ts';
import { createWorths, type Worth } from './worth.ts';

/** A request for a whole response. */
export interface ResponseVisit extends Visit, ResponseSubject {
  /** What the same answers come of: the operation, or what authorisation leaves of it. */
  readonly subject: object;
  readonly signal: AbortSignal;
  /** When its time is up, by `performance.now()`. */
  readonly deadline: number;
}

/** What an execution made, and what its parts say. */
export type Produced = Executed & {
  readonly record: Record;
  /** Whether that was the execution of another request. */
  readonly isJoined: boolean;
};

/** A response, and what its parts say of the whole. */
export interface Judged {
  readonly produced: Produced;
  readonly policy: PartPolicy;
  readonly tagged: Tagged;
  /** Why it may not be kept. */
  readonly reason: Reason | undefined;
}

/** Plans and executes. May be called when the client has its answer already. */
export type Produce = (signal: AbortSignal, how?: HowToProduce) => Promise<Produced>;

export interface HowToProduce {
  /** Whether nothing that is kept may be part of it. */
  readonly isAnew?: boolean;
  /** Whether nobody waits for parts of it. */
  readonly isAlone?: boolean;
  /** Whether what comes of it is kept. */
  readonly isKept?: boolean;
}

export type AnswerResponse = (visit: ResponseVisit, produce: Produce) => Promise<Answered> | Answered;

export interface ResponseCacheOptions {
  readonly levels: Levels;
  readonly fill: Fill<Judged>;
  readonly purges: PurgeState;
  readonly namespace: string;
  readonly mostTags: number;
  /** Whether whole responses are not kept: what they say is still told. */
  readonly isOff: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Makes the function that answers with whole responses that are kept, and keeps those that may be. */
export function createResponseCache(options: ResponseCacheOptions): AnswerResponse {
  const { levels, fill, purges, namespace, mostTags, isOff, now } = options;
  const keys = createResponseKeys(namespace, levels.isShared);
  const skips = createSkips<object>(now);
  const worths = createWorths<object>(true);
  const refreshes = createRefreshes();

  return (visit, produce) => {
    const { wish, isWriting, subject, signal } = visit;
    if (isOff || isWriting || keys.isIntrospecting(visit) || !wish.mayStore || skips.has(subject)) {
      checkFetching(visit);
      return produce(signal).then((produced) => toAnswered(visit, judge(produced), 'not looked for'));
    }
    const deciding = keys.decidingOf(visit);
    if (!wish.mayRead) return produceAlone(visit, produce, keys.keyOf(visit, deciding));
    const worth = worths.of(subject, deciding);
    if (worth === 'passed over' && !wish.isOnlyIfCached) return passOver(visit, produce, deciding);
    const key = keys.keyOf(visit, deciding);
    const found = findBest(levels, key, visit);
    // Not waited for when it is in memory.
    return found instanceof Promise
      ? found.then((later) => go(visit, produce, key, worth, later))
      : go(visit, produce, key, worth, found);
  };

  function go(visit: ResponseVisit, produce: Produce, key: string, worth: Worth, found: Found | undefined) {
    const isUsable = found !== undefined && found.freshness !== 'for errors';
    if (!isUsable) return miss(visit, produce, key, worth, found);
    if (worth === 'counted') worths.note(visit.subject, true);
    if (found.freshness === 'fresh') return use(found.entry, 'hit', key, found.level);
    refresh(visit, produce, key, found);
    return use(found.entry, 'stale', key, found.level);
  }

  async function miss(
    visit: ResponseVisit,
    produce: Produce,
    key: string,
    worth: Worth,
    found: Found | undefined,
  ): Promise<Answered> {
    checkFetching(visit);
    const { epoch, signal, deadline, wish, subject } = visit;
    const fetch = (flightSignal: AbortSignal | undefined, born: number) =>
      produceFor(
        visit,
        () => produce(flightSignal ?? signal, { isAlone: flightSignal !== undefined, isKept: true }),
        key,
        born,
      );
    const filled = await fill({
      key,
      epoch,
      isLeased: true,
      isAlone: !wish.mayJoin,
      signal,
      deadline,
      isFor: (entry) => isFor(entry, visit.requester),
      fetch,
    });
    if (worth === 'counted') worths.note(subject, filled.source !== 'fetched');
    if (filled.source === 'joined') return use(filled.entry, 'coalesced', key);
    if (filled.source === 'lease') return use(filled.found.entry, 'coalesced', key);
    const { value } = filled;
    return (hasFailed(value) && takeForError(found, key)) || toAnswered(visit, value, 'miss', key);
  }

  /** Neither looked for nor kept. A hot path where nothing is asked for again. */
  function passOver(visit: ResponseVisit, produce: Produce, deciding: string): Promise<Answered> {
    return produce(visit.signal, { isAlone: true }).then((produced) => {
      const judged = judge(produced);
      note(visit, judged);
      return hasFailed(judged)
        ? lookForError(visit, judged, deciding)
        : toAnswered(visit, judged, 'miss', undefined, false);
    });
  }

  /** Looks, after all, for what could be given in place of an answer that failed. */
  async function lookForError(visit: ResponseVisit, judged: Judged, deciding: string): Promise<Answered> {
    const key = keys.keyOf(visit, deciding);
    const found = await findBest(levels, key, visit);
    return takeForError(found, key) ?? toAnswered(visit, judged, 'miss', key, false);
  }

  function takeForError(found: Found | undefined, key: string): Answered | undefined {
    if (found === undefined || levels.judge(found.entry) === undefined) return undefined;
    return use(found.entry, 'stale for an error', key, found.level);
  }

  /** For who wants nothing that is kept. */
  async function produceAlone(visit: ResponseVisit, produce: Produce, key: string): Promise<Answered> {
    checkFetching(visit);
    const fetched = await produceFor(visit, () => produce(visit.signal, { isKept: true }), key, purges.born());
    keepFetched(levels, key, fetched);
    return toAnswered(visit, fetched.value, 'miss', key);
  }

  async function produceFor(
    visit: ResponseVisit,
    produce: () => Promise<Produced>,
    key: string,
    born: number,
  ): Promise<Fetched<Judged>> {
    const { requester } = visit;
    const judged = judge(await produce());
    const { policy, tagged, produced } = judged;
    note(visit, judged);
    const audience = policy.isStorable ? audienceOf(policy, requester) : 'nobody';
    return toFetched(judged, { policy, audience, tagged, born, body: produced.body, now: now() }, key, requester);
  }

  /** What only failed, or took too long, says nothing of the next time. */
  function note({ subject }: ResponseVisit, { reason, policy }: Judged): void {
    if (reason !== 'errors' && reason !== 'expired') skips.note(subject, policy.isStorable);
  }

  /** Nothing stale is part of what takes the place of something stale. */
  function refresh(visit: ResponseVisit, produce: Produce, key: string, { entry }: Found): void {
    const { signal } = new AbortController();
    refreshes.begin([entry.scope === 'private' ? ownKey(key, visit.requester) : key], () =>
      produceAlone({ ...visit, signal }, () => produce(signal, { isAnew: true, isKept: true }), key),
    );
  }

  /** What the parts of a response say of the whole. */
  function judge(produced: Produced): Judged {
    const { errors, record } = produced;
    const tagged = boundTags(unite(record.parts.map((part) => part.tagged)), mostTags);
    const policy = faultOf() ?? mergeParts(record.parts, now());
    return { produced, policy, tagged, reason: policy.isStorable ? undefined : policy.reason };

    function faultOf(): Refusal | undefined {
      const refuse = (reason: Reason): Refusal => ({ isStorable: false, reason });
      if (errors.length > 0) return refuse('errors');
      if (record.parts.length === 0) return refuse('no data of a subgraph');
      return tagged.isExcessive ? refuse('too many tags') : undefined;
    }
  }

  function toAnswered(
    visit: ResponseVisit,
    judged: Judged,
    decision: ResponseDecision,
    key?: string,
    isKept = true,
  ): Answered {
    const { produced, policy, tagged } = judged;
    const { isJoined, record } = produced;
    const { steps } = record;
    const reason = judged.reason ?? reasonOf(visit, policy) ?? (isKept ? undefined : 'not asked for again');
    const made = isJoined ? 'coalesced' : reason === undefined ? 'miss' : 'refused';
    return {
      body: produced.body,
      policy,
      decision: decision === 'miss' ? made : decision,
      key,
      tags: tagged.tags,
      scope: policy.isStorable ? (policy.isShared ? 'public' : 'private') : undefined,
      reason,
      // Something stale in it may not be kept, and is told all the same.
      ageMs: policy.isStorable ? policy.ageMs : Math.max(0, ...steps.map(({ ageMs }) => ageMs ?? 0)),
      steps,
    };
  }

  /** Why something that may be kept is not. */
  function reasonOf({ requester, wish }: ResponseVisit, policy: PartPolicy): Reason | undefined {
    if (!wish.mayStore) return 'the client said no-store';
    if (isOff) return 'shadow mode';
    return policy.isStorable && audienceOf(policy, requester) === 'nobody' ? 'no identity' : undefined;
  }

  function use(entry: Entry, decision: ResponseDecision, key: string, level?: Found['level']): Answered {
    const { body, tags, scope, madeAt } = entry;
    const ageMs = Math.max(0, now() - madeAt);
    const policy = policyOf(entry, now());
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return { body: bytes, policy, decision, level, key, tags, scope, ageMs, reason: undefined, steps: [] };
  }
}

/** Whether something of it could not be had from a subgraph. */
function hasFailed({ produced }: Judged): boolean {
  return produced.errors.some(({ extensions }) => isSubgraphCode(extensions.code));
}

/** @throws {GatewayError} `NOT_CACHED` for who wants nothing but what is kept (RFC 9111, 5.2.1.7) */
function checkFetching({ wish }: ResponseVisit): void {
  if (wish.isOnlyIfCached) throw new GatewayError('NOT_CACHED', 'Nothing that is kept answers this.');
}
