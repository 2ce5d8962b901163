import type { IncomingHttpHeaders } from 'node:http';
import type { FetchNode, QueryPlan } from '../planning/plan.ts';
import { newSpanId, type TraceContext } from '../service/trace-context.ts';

/** One try of a call at one address. Times are those of `performance.now()`. */
export interface Try {
  readonly url: string;
  readonly begun: number;
  readonly ended: number;
  /** Its HTTP status, or why there is none. */
  readonly outcome: number | string;
}

/** One fetch from a subgraph, or one request that is passed on. */
export interface FetchRecord {
  /** Or of another upstream. */
  readonly subgraph: string;
  /** In the plan, if there is one. */
  readonly node: FetchNode | undefined;
  readonly begun: number;
  /** That of its span, when the request is traced. */
  readonly spanId: string | undefined;
  /** None when the call was another request's, too, and that one sent it. */
  readonly tries: Try[];
  ended: number;
  /** Of the answer; 0 when there is none. */
  bytes: number;
  /** Why there is no GraphQL response. */
  code: string | undefined;
}

/** The steps of a request's way, in their order; each begins when the one before has ended. */
const STEPS = ['authenticate', 'prepare', 'authorize', 'charge', 'cache', 'plan', 'execute', 'answer'] as const;
export type Step = (typeof STEPS)[number];

const PLACES = Object.fromEntries(STEPS.map((step, place) => [step, place])) as Readonly<Record<Step, number>>;
const NOT_ENDED = STEPS.map(() => 0);

export interface OperationRecord {
  readonly name: string | undefined;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** SHA-256 of its text, in hexadecimal digits. */
  readonly hash: string;
}

/** What is known of a request when it comes. */
export interface RequestHead {
  /** Several operations of one batch have the same. */
  readonly id: string;
  /** `graphql`: at `/graphql`. `rest`: a stored operation. `proxy`: passed on by a route. */
  readonly protocol: 'graphql' | 'rest' | 'proxy';
  readonly clientName: string | undefined;
  readonly clientVersion: string | undefined;
  /** That of this server's own span; `undefined` when nothing is traced. */
  readonly trace: TraceContext | undefined;
  /** The span of whoever asks. */
  readonly parentSpanId: string | undefined;
}

/** Begins to note a request. @returns `undefined` when nobody wants to know */
export type BeginRecord = (
  request: { readonly id: string; readonly headers: IncomingHttpHeaders },
  protocol: RequestHead['protocol'],
) => RequestRecord | undefined;

/** Tells of which trace a request is part, by its `traceparent`, and which span of it is ours. */
export type ReadTrace = (traceparent: string | undefined) => Pick<RequestHead, 'trace' | 'parentSpanId'>;

/**
 * What is noted of one request from its head to its answer. Logs, metrics, traces and explanations are made of it, when it has ended; so
 * all of them say the same (docs/decisions/0017-one-record-of-a-request.md).
 */
export class RequestRecord {
  readonly head: RequestHead;
  /** By `performance.now()`, as all times here. */
  readonly begun = performance.now();
  readonly fetches: FetchRecord[] = [];
  operation: OperationRecord | undefined;
  /** Of a request that is passed on. */
  route: string | undefined;
  /** How the whole response came, where there is a cache. */
  cache: string | undefined;
  /** In points. */
  cost: { readonly estimated: number; readonly actual: number | undefined } | undefined;
  /** The codes of its errors. */
  codes: readonly string[] = [];
  plan: QueryPlan | undefined;
  /** Whether its text, and its plan, had been made before; `undefined` when it did not come so far. */
  isTextKnown: boolean | undefined;
  isPlanKnown: boolean | undefined;
  status = 0;
  /** Of the answer. */
  bytes = 0;
  ended = 0;
  /** When each step ended; 0 for one that there was not. */
  readonly #endings = NOT_ENDED.slice();

  constructor(head: RequestHead) {
    this.head = head;
  }

  /** A step has ended; one that is taken again, when it has ended last. */
  end(step: Step): void {
    this.#endings[PLACES[step]] = performance.now();
  }

  /** Those that there were, in the order in which they ended. */
  steps(): readonly { readonly step: Step; readonly ended: number }[] {
    return STEPS.map((step) => ({ step, ended: this.#endings[PLACES[step]] ?? 0 }))
      .filter(({ ended }) => ended > 0)
      .sort((one, other) => one.ended - other.ended);
  }
}

/** Begins to note a fetch. */
export function beginFetch(
  subgraph: string,
  node: FetchNode | undefined,
  trace: TraceContext | undefined,
): FetchRecord {
  const begun = performance.now();
  const spanId = trace?.isSampled === true ? newSpanId() : undefined;
  return { subgraph, node, begun, spanId, tries: [], ended: begun, bytes: 0, code: undefined };
}
