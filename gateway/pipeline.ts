import type { OperationDefinitionNode } from 'graphql';
import { writeTraceparent } from '../service/trace-context.ts';
import type { Answered } from './cache/answered.ts';
import type { Presented } from './cache/cache.ts';
import type { AnswerHeaders } from './cache/explain.ts';
import { GatewayError } from './errors.ts';
import type { AccessDecision } from './execution/access-decision.ts';
import { REFUSED } from './execution/compile-refusals.ts';
import type { Executed } from './execution/execute.ts';
import { withExtensions } from './execution/extensions.ts';
import { explainRequest } from './explain-request.ts';
import type { Authenticate, Authenticated } from './guard/authenticate.ts';
import type { Authorize } from './guard/authorize.ts';
import type { LimitConcurrency } from './guard/concurrency.ts';
import type { Weighing } from './guard/cost/cost.ts';
import { totalOf } from './guard/cost/estimate.ts';
import type { MayExplain } from './guard/may-explain.ts';
import type { Charged, ChargeRequest } from './guard/rate-limit/rate-limiter.ts';
import type { DecideLabels } from './operation/override-labels.ts';
import type { Persisted } from './operation/persisted.ts';
import { coerceVariables, type Prepare, type Prepared, selectOperation } from './operation/prepare.ts';
import { readConditions } from './operation/read-conditions.ts';
import { checkVariables, type VariableLimits } from './operation/variable-limits.ts';
import { CLIENT_NAME, CLIENT_VERSION, forwardedHeaders, forwardedNames, type GatewayRequest } from './request.ts';
import type { OperationRecord, RequestRecord } from './request-record.ts';
import { type Allowed, createRunOperation, type RunOptions } from './run-operation.ts';
import type { UsageCounter } from './usage/usage-counter.ts';

export interface PipelineOptions extends RunOptions {
  readonly authenticate: Authenticate;
  readonly limitConcurrency: LimitConcurrency;
  /** Charges rate limits; `undefined` when there are none. */
  readonly charge: ChargeRequest | undefined;
  readonly persisted: Persisted;
  readonly prepare: Prepare;
  readonly authorize: Authorize;
  readonly decideLabels: DecideLabels;
  /** Whether errors suggest names. */
  readonly suggestions: boolean;
  readonly limits: VariableLimits;
  /** Names of headers that travel to subgraphs besides those that always do. */
  readonly forward: readonly string[];
  /** Told of each operation that is let through; `undefined` when usage is not reported. */
  readonly countUse: UsageCounter['count'] | undefined;
  readonly mayExplain: MayExplain;
}

/** The body of a response, JSON in UTF-8, and what it says about keeping it when there is a cache. */
export interface Answer {
  readonly body: Buffer;
  readonly headers: AnswerHeaders | undefined;
  /** Headers that say what of rate limits is left. */
  readonly limits: Readonly<Record<string, string>> | undefined;
}

/** An answer without what explains it. */
type Unfinished = Pick<Answer, 'body'> & Partial<Pick<Presented, 'headers' | 'extensions'>>;

/** Who has asked for what is carried out, and what it was charged. */
interface Admitted {
  readonly request: GatewayRequest;
  readonly identity: Authenticated['identity'];
  readonly charged: Charged | undefined;
  readonly isExplained: boolean;
}

/** Answers one request. @throws {GatewayError} when it is refused before execution */
export type Handle = (request: GatewayRequest) => Promise<Answer>;

/**
 * The way of a request, from top to bottom. HTTP, and later WebSocket and REST routes, all come through here; nothing is
 * answered before the guard has spoken.
 */
export function createPipeline(options: PipelineOptions): Handle {
  const { authenticate, limitConcurrency, limits, persisted, prepare, authorize, cost, charge } = options;
  const { decideLabels, holdUpstreams, cache, suggestions, epoch, countUse, mayExplain } = options;
  const { execute, write } = createRunOperation(options);
  const forwarded = forwardedNames(options.forward);
  return async (request) => {
    // Before anything is waited for: a reload meanwhile must not close what this request will send to.
    const upstreams = holdUpstreams(request.supergraph);
    try {
      // Not waited for when it is known: most requests go on in the same turn.
      const authenticating = authenticate(request.headers);
      const authenticated = authenticating instanceof Promise ? await authenticating : authenticating;
      const { identity } = authenticated;
      request.record?.end('authenticate');
      if (request.needsIdentity === true && identity === undefined)
        throw new GatewayError('UNAUTHENTICATED', 'This needs a token.');
      const client = identity === undefined ? request.client : `${identity.issuer} ${identity.subject}`;
      return await limitConcurrency(client, () => answer(request, authenticated, client));
    } finally {
      upstreams.release();
    }
  };

  async function answer(request: GatewayRequest, authenticated: Authenticated, client: string): Promise<Answer> {
    const { params, headers, isReadOnly, supergraph, record } = request;
    const { identity, headers: shown } = authenticated;
    const { variables } = params;
    checkVariables(variables, limits);
    const isStored = request.isStored === true;
    const finding = isStored ? (params.query ?? '') : persisted.textOf(params, headers[CLIENT_NAME]);
    const text = finding instanceof Promise ? await finding : finding;
    const preparing = prepare({ supergraph, text, client });
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    if (!isStored) persisted.keep(params);
    const operation = selectOperation(prepared, params.operationName);
    if (record !== undefined) {
      record.end('prepare');
      record.isTextKnown = !(preparing instanceof Promise);
      record.operation = toOperationRecord(operation, prepared);
    }
    if (isReadOnly && operation.operation !== 'query') {
      throw new GatewayError('METHOD_NOT_ALLOWED', `A ${operation.operation} must be sent with POST.`);
    }
    const coercedVariables = coerceVariables(supergraph, operation, variables, suggestions);
    readConditions(prepared.document, coercedVariables);

    // What is refused is neither weighed nor planned nor fetched.
    const authorizing = authorize({ supergraph, prepared, operation, coercedVariables, identity, headers });
    const decision = authorizing instanceof Promise ? await authorizing : authorizing;
    const { fragments } = prepared;
    const isExplained = record !== undefined && mayExplain(headers, identity);
    const weighed = cost?.weigh({ supergraph, operation, fragments, decision, coercedVariables, headers, isExplained });
    const weighing = weighed instanceof Promise ? await weighed : weighed;
    record?.end('authorize');

    const asked = { supergraph, prepared, operation, fragments, variables, coercedVariables };
    const bill = { ...asked, identity, address: request.client, headers, cost: weighing?.estimate ?? 1 };
    const charging = charge?.(bill);
    const charged = charging instanceof Promise ? await charging : charging;
    record?.end('charge');
    countUse?.({
      operation,
      fragments,
      variables,
      schema: supergraph.apiSchema,
      clientName: headers[CLIENT_NAME],
      clientVersion: headers[CLIENT_VERSION],
    });

    const labels = decideLabels({ supergraph, prepared, headers, subject: identity?.subject });
    const trace = record?.head.trace;
    const traced = trace && { traceparent: writeTraceparent(trace) };
    const sent = { ...forwardedHeaders(headers, forwarded), ...traced, ...shown };
    const { deadline } = request;
    const allowed = { ...asked, labels, decision, client, sent, weighing, deadline, record };
    try {
      return await carryOut(allowed, { request, identity, charged, isExplained });
    } catch (error) {
      settle(weighing, charged);
      throw error;
    }
  }

  /** What is allowed and paid for. */
  async function carryOut(allowed: Allowed, admitted: Admitted): Promise<Answer> {
    const { request, identity, isExplained } = admitted;
    const { supergraph, headers, signal, deadline } = request;
    const { operation, fragments, coercedVariables, labels, decision, sent } = allowed;
    const isWriting = operation.operation === 'mutation';
    const visit = cache?.visit({ supergraph, isWriting, epoch: epoch(), sent, headers, identity, isExplained });
    const { record: noted } = allowed;
    if (isWriting || cache === undefined || visit === undefined) {
      const { body, errors } = isWriting ? await write(allowed, visit) : await execute(allowed, signal);
      if (noted !== undefined) noted.codes = codesOf(errors);
      return finish({ body }, allowed, admitted);
    }

    const decisions = labels || decision ? JSON.stringify([[...(labels ?? [])].sort(), decision?.key]) : '';
    const answered = await cache.answer(
      { ...visit, operation, fragments, coercedVariables, decisions, subject: decision ?? operation, signal, deadline },
      async (runSignal, { isAnew = false, isAlone = false, isKept = false } = {}) => {
        const wish = isAnew ? { ...visit.wish, mayRead: false, mayJoin: false } : visit.wish;
        const record = cache.createRecord();
        const recorded = { ...visit, wish, record, isAlone, isTagged: isKept || visit.isTold };
        // A newer one is made when the client has its answer.
        const asked = isAnew ? { ...allowed, record: undefined } : allowed;
        const { body, errors, record: made = record } = await execute(asked, runSignal, recorded);
        if (asked.record !== undefined) asked.record.codes = codesOf(errors);
        // Of the execution that was joined, if one was.
        return { body, errors, record: made, isJoined: made !== record };
      },
    );
    // What was decided by who asks, no cache between can decide.
    if (noted !== undefined) {
      noted.cache = answered.decision;
      // What failed is not what the client gets.
      if (answered.decision === 'stale for an error') noted.codes = NO_CODES;
      if (noted.plan === undefined) noted.end('cache');
    }
    const presented = cache.present(answered, { headers, isPrivate: decision !== undefined });
    return finish(presented, allowed, admitted, answered);
  }

  /** Corrects budgets to what it has really cost: nothing, if no subgraph was asked; as estimated, if its client left before that was known. */
  function settle(weighing: Weighing | undefined, charged: Charged | undefined): void {
    if (weighing?.isUncounted === false) charged?.settle(totalOf(weighing.actual));
  }

  /** The answer with what explains it, for who asks and may know. */
  function finish(
    { body, headers, extensions }: Unfinished,
    { supergraph, decision, weighing, record }: Allowed,
    { charged, isExplained }: Admitted,
    answered?: Answered,
  ): Answer {
    if (record !== undefined && decision !== undefined) noteRefusal(record, body, decision);
    const explained = weighing && cost?.finish(weighing);
    // What is too large to be weighed has no number.
    if (record !== undefined && weighing !== undefined && Number.isFinite(weighing.estimate))
      record.cost = { estimated: weighing.estimate, actual: weighing.isCounted ? totalOf(weighing.actual) : undefined };
    settle(weighing, charged);
    const limits = charged?.headers;
    if (extensions === undefined && explained === undefined && !isExplained) return { body, headers, limits };
    const cached = answered && cache?.tell(answered);
    const known = { supergraph: supergraph.id, decision, cached, cost: explained, limits };
    const all = {
      ...extensions,
      ...(explained && !isExplained && { cost: explained }),
      ...(isExplained && record !== undefined && { explain: explainRequest({ ...known, record }) }),
    };
    // What explains is for who has the key, and for no cache between.
    const isFor = headers && { ...headers, 'cache-control': 'no-store' };
    return { body: withExtensions(body, all), headers: isFor, limits };
  }
}

/** Most codes that are noted of one answer: a list of a thousand may have a thousand errors. */
const MOST_CODES = 10;

function codesOf(errors: Executed['errors']): readonly string[] {
  if (errors.length === 0) return NO_CODES;
  const codes = errors.map(({ extensions: { code } }) =>
    typeof code === 'string' && CODE.test(code) ? code : 'SUBGRAPH_ERROR',
  );
  return [...new Set(codes)].slice(0, MOST_CODES);
}

const NO_CODES: readonly string[] = [];

/** Notes whether an answer, also one from the cache, says of something that its caller may not have it. Errors stand before the data. */
function noteRefusal(record: RequestRecord, body: Buffer, { refused }: AccessDecision): void {
  if (refused.size === 0 || record.codes.includes(REFUSED)) return;
  const hasErrors = body.toString('latin1', 0, ERRORS_BEGIN.length) === ERRORS_BEGIN;
  if (hasErrors && body.includes(`"code":"${REFUSED}"`)) record.codes = [...record.codes, REFUSED];
}

const ERRORS_BEGIN = '{"errors":';

/** Of a subgraph, which may put anything there. */
const CODE = /^[\w.:/-]{1,100}$/;

const operationRecords = new WeakMap<OperationDefinitionNode, OperationRecord>();

/** The same for all requests of an operation: who tells of requests keeps what is made of it. */
function toOperationRecord(operation: OperationDefinitionNode, { hash }: Prepared): OperationRecord {
  let record = operationRecords.get(operation);
  if (record === undefined) {
    record = { name: operation.name?.value, type: operation.operation, hash };
    operationRecords.set(operation, record);
  }
  return record;
}
