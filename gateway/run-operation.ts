import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { Cache } from './cache/cache.ts';
import type { Produced } from './cache/response-cache.ts';
import type { Looking, Visit } from './cache/visit.ts';
import type { ErrorCode } from './errors.ts';
import type { AccessDecision } from './execution/access-decision.ts';
import { compileOnce } from './execution/compile.ts';
import { type Executed, executeToBytes } from './execution/execute.ts';
import type { Json } from './execution/own.ts';
import { type Ask, type AskOptions, createAsk } from './execution/reply.ts';
import type { Share } from './execution/share.ts';
import type { ResponseError } from './execution/subgraph-error.ts';
import type { Cost, Weighing } from './guard/cost/cost.ts';
import type { ShowError } from './guard/show-error.ts';
import type { DecideLabels } from './operation/override-labels.ts';
import type { Plan } from './operation/plan.ts';
import type { Prepared } from './operation/prepare.ts';
import type { RequestRecord } from './request-record.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import type { Held } from './upstream/upstreams.ts';

export interface RunOptions {
  readonly plan: Plan;
  /** The addresses of the graph that a request came on, kept open until they are released. */
  readonly holdUpstreams: (supergraph: Supergraph) => Held;
  /** Lets equal queries in flight have one execution. */
  readonly share: Share<Execution>;
  /** What clients see of an error beside data. */
  readonly showError: ShowError;
  /** `undefined` when it is off. */
  readonly cache: Cache | undefined;
  /** `undefined` when it is off. */
  readonly cost: Cost | undefined;
  /** How many mutations have ended: who asks now gets nothing that began before (read your writes). */
  readonly epoch: () => number;
  /** Raised with it, and by purges. */
  readonly sharingEpoch: () => number;
  /** Told when a mutation has ended, before its answer is sent: also when it failed, because it may have been done all the same. */
  readonly onWrite: () => void;
}

/** What came of an execution; with a cache, also what its parts say about keeping it. */
export type Execution = Executed & Partial<Pick<Produced, 'record'>>;

/** One request as the cache sees it, and what its parts will say. */
type Recorded = Visit & Pick<Looking, 'record' | 'isAlone' | 'isTagged'>;

/** An operation that may be executed: who asks is known, and that it is allowed. */
export interface Allowed {
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
  /** By `performance.now()`. */
  readonly deadline: number;
  /** What is noted of its request, when somebody wants to know. */
  readonly record: RequestRecord | undefined;
}

/** What the pipeline does with an operation that is allowed. */
export interface RunOperation {
  execute(allowed: Allowed, signal: AbortSignal, recorded?: Recorded): Promise<Execution>;
  write(allowed: Allowed, visit: Visit | undefined): Promise<Execution>;
}

/** Who has less time than that shares no work with others, in milliseconds. */
const LEAST_SHARED_MS = 1_000;

/** Codes of calls for which a subgraph worked, and of which nothing is in the data. */
const OF_UNSEEN_WORK: ReadonlySet<unknown> = new Set([
  'REQUEST_CANCELLED',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_RESPONSE_TOO_LARGE',
  'SUBGRAPH_INVALID_RESPONSE',
] satisfies ErrorCode[]);

function isOfUnseenWork({ extensions: { code } }: ResponseError): boolean {
  return OF_UNSEEN_WORK.has(code);
}

/** Makes the second half of a request's way, when the guard has spoken: planning, then execution. */
export function createRunOperation(options: RunOptions): RunOperation {
  const { plan, holdUpstreams, share, cache, cost, showError, epoch, sharingEpoch, onWrite } = options;
  return { execute, write };

  /**
   * A mutation. What it voids is void, and what began before is joined by nobody, before its answer is sent: whatever came of it. It goes
   * on when its client leaves: the subgraph would do it all the same, and then nobody would know when.
   */
  async function write(allowed: Allowed, visit: Visit | undefined): Promise<Execution> {
    const { signal } = new AbortController();
    const recorded = cache && visit && { ...visit, record: cache.createRecord(), isAlone: false, isTagged: true };
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
    const { labels, decision, client, sent, weighing, deadline, record } = allowed;
    const upstreams = holdUpstreams(supergraph);
    record?.end('cache');
    try {
      const planning = plan({ supergraph, prepared, operation, coercedVariables, labels, decision, client });
      const planned = planning instanceof Promise ? await planning : planning;
      if (record !== undefined) {
        record.end('plan');
        record.plan = planned.plan;
        record.isPlanKnown = !(planning instanceof Promise);
      }
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
      const isQuery = operation.operation === 'query';
      // Who gives up soon leads nobody who would wait.
      const isShareable = isQuery && deadline - performance.now() >= LEAST_SHARED_MS;
      const askWith = (
        send: Held['send'],
        askSignal: AbortSignal,
        more: Pick<AskOptions, 'onReply' | 'deadline' | 'fetches' | 'trace'> = {},
      ): Ask =>
        createAsk({
          send,
          headers: sent,
          signal: askSignal,
          isShareable,
          isIdempotent: isQuery,
          epoch: sharingEpoch,
          ...more,
        });
      const run = async (runSignal: AbortSignal, onReply: () => void): Promise<Execution> => {
        if (weighing !== undefined) weighing.isUncounted = true;
        const noted = record && { fetches: record.fetches, trace: record.head.trace };
        let ask = askWith(upstreams.send, runSignal, { onReply, deadline, ...noted });
        if (cache !== undefined && recorded !== undefined) {
          const looking: Looking = {
            ...recorded,
            epoch: epoch(),
            signal: runSignal,
            deadline,
            detach: () => detach(supergraph, askWith),
          };
          ask = cache.ask(looking, ask);
        }
        const onData = weighing?.isCounted ? (data: Json) => cost?.count(weighing, compiled, data) : undefined;
        const executed = await executeToBytes(compiled, { variables, coercedVariables, ask, onData, showError });
        if (weighing !== undefined) weighing.isUncounted = executed.errors.some(isOfUnseenWork);
        const { body, errors } = executed;
        return recorded === undefined ? executed : { body, errors, record: recorded.record };
      };
      if (!isShareable || recorded?.wish.mayJoin === false) return await run(signal, () => {});
      return await share({ operation: compiled, variables, headers: sent }, { signal, deadline }, run);
    } finally {
      record?.end('execute');
      upstreams.release();
    }
  }

  /** For what goes on when a request has ended. */
  function detach(supergraph: Supergraph, askWith: (send: Held['send'], signal: AbortSignal) => Ask) {
    const upstreams = holdUpstreams(supergraph);
    return { ask: askWith(upstreams.send, new AbortController().signal), release: upstreams.release };
  }
}
