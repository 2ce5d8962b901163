import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { Cache, Presented } from './cache/cache.ts';
import type { AnswerHeaders } from './cache/explain.ts';
import type { Produced } from './cache/response-cache.ts';
import type { Looking, Visit } from './cache/visit.ts';
import { GatewayError } from './errors.ts';
import type { AccessDecision } from './execution/access-decision.ts';
import { compileOnce } from './execution/compile.ts';
import { type Executed, executeToBytes } from './execution/execute.ts';
import { withExtensions } from './execution/extensions.ts';
import type { Json } from './execution/own.ts';
import { type Ask, createAsk } from './execution/reply.ts';
import type { Share } from './execution/share.ts';
import type { Authenticate, Authenticated } from './guard/authenticate.ts';
import type { Authorize } from './guard/authorize.ts';
import type { LimitConcurrency } from './guard/concurrency.ts';
import type { Cost, Weighing } from './guard/cost/cost.ts';
import { totalOf } from './guard/cost/estimate.ts';
import type { Charged, ChargeRequest } from './guard/rate-limit/rate-limiter.ts';
import type { ShowError } from './guard/show-error.ts';
import type { DecideLabels } from './operation/override-labels.ts';
import type { Persisted } from './operation/persisted.ts';
import type { Plan } from './operation/plan.ts';
import { coerceVariables, type Prepare, type Prepared, selectOperation } from './operation/prepare.ts';
import { checkVariables, type VariableLimits } from './operation/variable-limits.ts';
import { CLIENT_NAME, forwardedHeaders, forwardedNames, type GatewayRequest } from './request.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import type { Held } from './upstream/upstreams.ts';

export interface PipelineOptions {
  readonly authenticate: Authenticate;
  readonly limitConcurrency: LimitConcurrency;
  /** Charges rate limits; `undefined` when there are none. */
  readonly charge: ChargeRequest | undefined;
  readonly persisted: Persisted;
  readonly prepare: Prepare;
  readonly authorize: Authorize;
  readonly decideLabels: DecideLabels;
  readonly plan: Plan;
  /** The addresses of the graph that a request came on, kept open until they are released. */
  readonly holdUpstreams: (supergraph: Supergraph) => Held;
  /** Lets equal queries in flight have one execution. */
  readonly share: Share<Execution>;
  /** Whether errors suggest names. */
  readonly suggestions: boolean;
  /** What clients see of an error beside data. */
  readonly showError: ShowError;
  /** `undefined` when it is off. */
  readonly cache: Cache | undefined;
  /** `undefined` when it is off. */
  readonly cost: Cost | undefined;
  readonly limits: VariableLimits;
  /** Names of headers that travel to subgraphs besides those that always do. */
  readonly forward: readonly string[];
  /** How many mutations have ended: who asks now gets nothing that began before (read your writes). */
  readonly epoch: () => number;
  /** Raised with it, and by purges. */
  readonly sharingEpoch: () => number;
  /** Told when a mutation has ended, before its answer is sent: also when it failed, because it may have been done all the same. */
  readonly onWrite: () => void;
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

/** Answers one request. @throws {GatewayError} when it is refused before execution */
export type Handle = (request: GatewayRequest) => Promise<Answer>;

/** What came of an execution; with a cache, also what its parts say about keeping it. */
export type Execution = Executed & Partial<Pick<Produced, 'record'>>;

/** One request as the cache sees it, and what its parts will say. */
type Recorded = Visit & Pick<Looking, 'record' | 'isLeading' | 'isTagged'>;

/** An operation that may be executed: who asks is known, and that it is allowed. */
interface Allowed {
  readonly supergraph: Supergraph;
  readonly prepared: Prepared;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Json;
  readonly coercedVariables: Json;
  readonly labels: ReturnType<DecideLabels>;
  readonly decision: AccessDecision | undefined;
  readonly client: string;
  /** What goes to subgraphs with each call. */
  readonly sent: Readonly<Record<string, string>>;
  /** `undefined` when costs are off. */
  readonly weighing: Weighing | undefined;
}

/**
 * The way of a request, from top to bottom. HTTP, and later WebSocket and REST routes, all come through here; nothing is
 * answered before the guard has spoken.
 */
export function createPipeline(options: PipelineOptions): Handle {
  const { authenticate, limitConcurrency, limits, persisted, prepare, authorize, cost, charge } = options;
  const { decideLabels, plan } = options;
  const { holdUpstreams, share, cache, suggestions, showError, epoch, sharingEpoch, onWrite } = options;
  const forwarded = forwardedNames(options.forward);
  return async (request) => {
    // Before anything is waited for: a reload meanwhile must not close what this request will send to.
    const upstreams = holdUpstreams(request.supergraph);
    try {
      // Not waited for when it is known: most requests go on in the same turn.
      const authenticating = authenticate(request.headers);
      const authenticated = authenticating instanceof Promise ? await authenticating : authenticating;
      const { identity } = authenticated;
      const client = identity === undefined ? request.client : `${identity.issuer} ${identity.subject}`;
      return await limitConcurrency(client, () => answer(request, authenticated, client));
    } finally {
      upstreams.release();
    }
  };

  async function answer(request: GatewayRequest, authenticated: Authenticated, client: string): Promise<Answer> {
    const { params, headers, isReadOnly, signal, supergraph } = request;
    const { identity, headers: shown } = authenticated;
    const { variables } = params;
    checkVariables(variables, limits);
    const finding = persisted.textOf(params, headers[CLIENT_NAME]);
    const text = finding instanceof Promise ? await finding : finding;
    const preparing = prepare({ supergraph, text, client });
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    persisted.keep(params);
    const operation = selectOperation(prepared, params.operationName);
    if (isReadOnly && operation.operation !== 'query') {
      throw new GatewayError('METHOD_NOT_ALLOWED', `A ${operation.operation} must be sent with POST.`);
    }
    const coercedVariables = coerceVariables(supergraph, operation, variables, suggestions);

    // What is refused is neither weighed nor planned nor fetched.
    const authorizing = authorize({ supergraph, prepared, operation, coercedVariables, identity, headers });
    const decision = authorizing instanceof Promise ? await authorizing : authorizing;
    const { fragments } = prepared;
    const weighing = cost?.weigh({ supergraph, operation, fragments, decision, coercedVariables, headers });

    const asked = { supergraph, prepared, operation, fragments, variables, coercedVariables };
    const bill = { ...asked, identity, address: request.client, headers, cost: weighing?.estimate ?? 1 };
    const charging = charge?.(bill);
    const charged = charging instanceof Promise ? await charging : charging;

    const labels = decideLabels({ supergraph, prepared, headers, subject: identity?.subject });
    const sent = { ...forwardedHeaders(headers, forwarded), ...shown };
    const allowed = { ...asked, labels, decision, client, sent, weighing };
    const isWriting = operation.operation === 'mutation';
    const visit = cache?.visit({ supergraph, isWriting, epoch: epoch(), sent, headers, identity });
    if (isWriting) return finish(await write(allowed, visit), weighing, charged);
    if (cache === undefined || visit === undefined) return finish(await execute(allowed, signal), weighing, charged);

    const decisions = labels || decision ? JSON.stringify([[...(labels ?? [])].sort(), decision?.key]) : '';
    const answered = await cache.answer(
      { ...visit, operation, fragments, coercedVariables, decisions, subject: decision ?? operation, signal },
      async (runSignal, { isAnew = false, isLeading = false, isKept = false } = {}) => {
        const wish = isAnew ? { ...visit.wish, mayRead: false, mayJoin: false } : visit.wish;
        const record = cache.createRecord();
        const execution = await execute(allowed, runSignal, {
          ...visit,
          wish,
          record,
          isLeading,
          isTagged: isKept || visit.isTold,
        });
        // Of the execution that was joined, if one was.
        const { record: recorded = record } = execution;
        return { ...execution, record: recorded, isJoined: recorded !== record };
      },
    );
    // What was decided by who asks, no cache between can decide.
    return finish(cache.present(answered, { headers, isPrivate: decision !== undefined }), weighing, charged);
  }

  /** The answer with what explains it, for who asks and may know. Budgets are corrected to what it has really cost. */
  function finish(
    { body, headers, extensions }: Unfinished,
    weighing: Weighing | undefined,
    charged: Charged | undefined,
  ): Answer {
    const explained = weighing && cost?.finish(weighing);
    if (weighing !== undefined) charged?.settle(totalOf(weighing.actual));
    const limits = charged?.headers;
    if (extensions === undefined && explained === undefined) return { body, headers, limits };
    const all = { ...extensions, ...(explained && { cost: explained }) };
    // What explains is for who has the key, and for no cache between.
    const isFor = headers && { ...headers, 'cache-control': 'no-store' };
    return { body: withExtensions(body, all), headers: isFor, limits };
  }

  /**
   * A mutation. What it voids is void, and what began before is joined by nobody, before its answer is sent: whatever came of it. It goes
   * on when its client leaves: the subgraph would do it all the same, and then nobody would know when.
   */
  async function write(allowed: Allowed, visit: Visit | undefined): Promise<Execution> {
    const { signal } = new AbortController();
    const recorded = cache && visit && { ...visit, record: cache.createRecord(), isLeading: false, isTagged: true };
    let isKnown = false;
    try {
      const execution = await execute(allowed, signal, recorded);
      isKnown = execution.errors.length === 0;
      return execution;
    } finally {
      try {
        const refused = allowed.decision?.refused;
        if (recorded !== undefined) await cache?.written({ ...allowed, refused, record: recorded.record, isKnown });
      } finally {
        onWrite();
      }
    }
  }

  /** Plans and runs an operation. It may go on after the client has its answer: when something stale is refreshed. */
  async function execute(allowed: Allowed, signal: AbortSignal, recorded?: Recorded): Promise<Execution> {
    const { supergraph, prepared, operation, fragments, variables, coercedVariables } = allowed;
    const { labels, decision, client, sent, weighing } = allowed;
    const upstreams = holdUpstreams(supergraph);
    try {
      const planning = plan({ supergraph, prepared, operation, coercedVariables, labels, decision, client });
      const planned = planning instanceof Promise ? await planning : planning;
      if (weighing !== undefined) cost?.weighPlan(weighing, planned);
      const compiled = compileOnce({
        supergraph,
        operation,
        fragments,
        plan: planned.plan,
        plannable: planned.plannable,
        conditions: coercedVariables,
        decision,
      });
      const isShareable = operation.operation === 'query';
      const askWith = (send: Held['send'], askSignal: AbortSignal, onReply?: () => void): Ask =>
        createAsk({
          send,
          headers: sent,
          signal: askSignal,
          isShareable,
          epoch: sharingEpoch,
          ...(onReply && { onReply }),
        });
      const run = async (runSignal: AbortSignal, onReply: () => void): Promise<Execution> => {
        let ask = askWith(upstreams.send, runSignal, onReply);
        if (cache !== undefined && recorded !== undefined) {
          const looking: Looking = {
            ...recorded,
            epoch: epoch(),
            signal: runSignal,
            detach: () => detach(supergraph, askWith),
          };
          ask = cache.ask(looking, ask);
        }
        const onData = weighing?.isCounted ? (data: Json) => cost?.count(weighing, compiled, data) : undefined;
        const executed = await executeToBytes(compiled, { variables, coercedVariables, ask, onData, showError });
        return recorded === undefined ? executed : { ...executed, record: recorded.record };
      };
      if (!isShareable || recorded?.wish.mayJoin === false) return await run(signal, () => {});
      return await share({ operation: compiled, variables, headers: sent }, signal, run);
    } finally {
      upstreams.release();
    }
  }

  /** For what goes on when a request has ended. */
  function detach(supergraph: Supergraph, askWith: (send: Held['send'], signal: AbortSignal) => Ask) {
    const upstreams = holdUpstreams(supergraph);
    return { ask: askWith(upstreams.send, new AbortController().signal), release: upstreams.release };
  }
}
