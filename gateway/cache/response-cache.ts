import { hash } from 'node:crypto';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, print } from 'graphql';
import type { Executed } from '../execution/execute.ts';
import type { Json } from '../execution/own.ts';
import type { Answered, ResponseDecision } from './answered.ts';
import { toCacheKey } from './cache-key.ts';
import type { Entry } from './entry.ts';
import type { Fetched, Fill } from './fill.ts';
import type { Found, Levels } from './levels.ts';
import { audienceOf, mergeParts, policyOf, toEntry } from './part.ts';
import type { PurgeState } from './purge-state.ts';
import type { Reason, Record } from './record.ts';
import { hashSchemaPart } from './schema-part.ts';
import { boundTags } from './tag.ts';
import { findBest, isFor, ownKey, type Visit } from './visit.ts';

/** A request for a whole response. */
export interface ResponseVisit extends Visit {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
  /** All else that decides the answer: the labels of `@override`, what authorisation leaves of the operation. */
  readonly decisions: string;
  readonly signal: AbortSignal;
}

/** What an execution made, and what its parts say. */
export type Produced = Executed & { readonly record: Record };

/**
 * Plans and executes. May be called when the client has its answer already.
 *
 * @param isAnew whether nothing that is kept may be part of it
 */
export type Produce = (signal: AbortSignal, isAnew?: boolean) => Promise<Produced>;

export type AnswerResponse = (visit: ResponseVisit, produce: Produce) => Promise<Answered> | Answered;

export interface ResponseCacheOptions {
  readonly levels: Levels;
  readonly fill: Fill<Produced>;
  readonly purges: PurgeState;
  readonly namespace: string;
  readonly mostTags: number;
  /** Whether whole responses are not kept: what they say is still told. */
  readonly isOff: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface KeyParts {
  /** Of the operation's text, printed: hits need not hash it again. */
  readonly digest: string;
  readonly schemaPart: string;
  readonly isIntrospecting: boolean;
}

/** Operations whose responses were never kept are not looked for, for so long. */
const SKIPPED_MS = 5_000;

/** Makes the function that answers with whole responses that are kept, and keeps those that may be. */
export function createResponseCache(options: ResponseCacheOptions): AnswerResponse {
  const { levels, fill, purges, namespace, mostTags, isOff, now } = options;
  const known = new WeakMap<OperationDefinitionNode, KeyParts>();
  const skipped = new WeakMap<OperationDefinitionNode, number>();
  const refreshing = new Set<string>();

  return (visit, produce) => {
    const { wish, isWriting, operation, signal } = visit;
    const { isIntrospecting } = partsOf(visit);
    if (isOff || isWriting || isIntrospecting || !wish.mayStore || (skipped.get(operation) ?? 0) > now())
      return produce(signal).then((produced) => toAnswered(visit, produced, 'not looked for'));
    const key = keyOf(visit);
    if (!wish.mayRead) return produceAlone(visit, produce, key);
    const found = findBest(levels, key, visit);
    // Not waited for when it is in memory.
    return found instanceof Promise
      ? found.then((later) => go(visit, produce, key, later))
      : go(visit, produce, key, found);
  };

  function go(visit: ResponseVisit, produce: Produce, key: string, found: Found | undefined) {
    if (found?.freshness === 'fresh') return use(found.entry, 'hit', key, found.level);
    if (found?.freshness === 'stale') {
      refresh(visit, produce, key);
      return use(found.entry, 'stale', key, found.level);
    }
    return miss(visit, produce, key, found);
  }

  async function miss(visit: ResponseVisit, produce: Produce, key: string, found: Found | undefined) {
    const { epoch, signal } = visit;
    const fetch = (flightSignal: AbortSignal | undefined, born: number) =>
      produceFor(visit, () => produce(flightSignal ?? signal), key, born);
    const filled = await fill({
      key,
      epoch,
      isLeased: true,
      signal,
      isFor: (entry) => isFor(entry, visit.requester),
      fetch,
    });
    if (filled.source === 'joined') return use(filled.entry, 'coalesced', key);
    if (filled.source === 'lease') return use(filled.found.entry, 'coalesced', key);
    const { value } = filled;
    const hasFailed = value.errors.some(({ extensions }) => String(extensions.code).startsWith('SUBGRAPH_'));
    if (hasFailed && found !== undefined && levels.judge(found.entry) !== undefined)
      return use(found.entry, 'stale for an error', key, found.level);
    return toAnswered(visit, value, 'miss', key);
  }

  /** For who wants nothing that is kept. */
  async function produceAlone(visit: ResponseVisit, produce: Produce, key: string): Promise<Answered> {
    const { value, audience, keep } = await produceFor(visit, () => produce(visit.signal), key, purges.born());
    if (keep !== undefined) levels.keep(audience === 'owner' ? keep.key : key, keep.entry);
    return toAnswered(visit, value, 'miss', key);
  }

  async function produceFor(
    { requester, operation }: ResponseVisit,
    produce: () => Promise<Produced>,
    key: string,
    born: number,
  ): Promise<Fetched<Produced>> {
    const value = await produce();
    const { policy, reason, tags } = judgeRecord(value);
    if (!policy.isStorable) {
      const isPassing = reason === 'errors' || reason === 'expired' || skipped.get(operation) === 0;
      if (!isPassing) skipped.set(operation, now() + SKIPPED_MS);
      return { value, audience: 'owner', keep: undefined };
    }
    // Once something could be kept, it is looked for.
    skipped.set(operation, 0);
    const audience = audienceOf(policy, requester);
    if (audience === 'nobody') return { value, audience: 'owner', keep: undefined };
    const entry = toEntry({ policy, audience, tags, born, body: value.body, now: now() });
    if (audience === 'everyone') return { value, audience, keep: { entry } };
    return { value, audience, keep: { entry, key: ownKey(key, requester.owner ?? '') } };
  }

  function refresh(visit: ResponseVisit, produce: Produce, key: string): void {
    const own = `${key}:${visit.requester.owner ?? ''}`;
    if (refreshing.has(own)) return;
    refreshing.add(own);
    const { signal } = new AbortController();
    // Nothing stale is part of what takes the place of something stale.
    produceAlone({ ...visit, signal }, () => produce(signal, true), key)
      .catch(() => undefined)
      .finally(() => refreshing.delete(own));
  }

  function partsOf({ supergraph, operation, fragments }: ResponseVisit): KeyParts {
    let parts = known.get(operation);
    if (parts === undefined) {
      const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] } as const;
      const text = print(document);
      // What it says of the schema changes with the schema, and no part of it is asked for.
      const isIntrospecting = /\b__(?:schema|type)\b/.test(text);
      parts = {
        digest: hash('sha256', text, 'base64url'),
        schemaPart: hashSchemaPart(supergraph.apiSchema, document),
        isIntrospecting,
      };
      known.set(operation, parts);
    }
    return parts;
  }

  function keyOf(visit: ResponseVisit): string {
    const { coercedVariables, decisions, requester } = visit;
    const { digest, schemaPart } = partsOf(visit);
    const { headers } = requester;
    return toCacheKey('response', [
      namespace,
      digest,
      schemaPart,
      JSON.stringify(coercedVariables),
      decisions,
      headers,
    ]);
  }

  /** What the parts of a response say of the whole. */
  function judgeRecord({ errors, record: { parts } }: Produced) {
    const { tags, isExcessive } = boundTags(new Set(parts.flatMap((part) => part.tags)), mostTags);
    const merged = mergeParts(parts, now());
    const fault: Reason | undefined =
      errors.length > 0
        ? 'errors'
        : parts.length === 0
          ? 'no data of a subgraph'
          : isExcessive
            ? 'too many tags'
            : undefined;
    const policy = fault === undefined ? merged : ({ isStorable: false, reason: fault } as const);
    return { policy, tags, reason: policy.isStorable ? undefined : policy.reason };
  }

  function toAnswered(
    { requester }: ResponseVisit,
    produced: Produced,
    decision: ResponseDecision,
    key?: string,
  ): Answered {
    const { policy, tags, reason: fault } = judgeRecord(produced);
    const isForNobody = policy.isStorable && audienceOf(policy, requester) === 'nobody';
    const reason = isForNobody ? 'no identity' : fault;
    return {
      body: produced.body,
      policy,
      decision: decision === 'miss' && reason !== undefined ? 'refused' : decision,
      key,
      tags,
      scope: policy.isStorable ? (policy.isShared ? 'public' : 'private') : undefined,
      reason,
      // Something stale in it may not be kept, and is told all the same.
      ageMs: policy.isStorable ? policy.ageMs : Math.max(0, ...produced.record.steps.map(({ ageMs }) => ageMs ?? 0)),
      steps: produced.record.steps,
    };
  }

  function use(entry: Entry, decision: ResponseDecision, key: string, level?: Found['level']): Answered {
    const { body, tags, scope, madeAt } = entry;
    const ageMs = Math.max(0, now() - madeAt);
    const policy = policyOf(entry, now());
    return { body, policy, decision, level, key, tags, scope, ageMs, reason: undefined, steps: [] };
  }
}
