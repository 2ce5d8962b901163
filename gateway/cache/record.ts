import type { FetchNode } from '../../planning/plan.ts';
import type { RefusalReason } from './cache-control.ts';
import type { Scope } from './entry.ts';
import type { Part } from './part.ts';

/** What became of one thing that was asked of a subgraph: for who wants to know how an answer came. */
export interface Step {
  readonly subgraph: string;
  /** The fetch of the plan. */
  readonly node: FetchNode;
  readonly kind: 'root' | 'entities';
  /** `partial`: some of the entities were there. */
  readonly decision: 'hit' | 'partial' | 'stale' | 'stale for an error' | 'miss' | 'coalesced' | 'refused';
  /** How many of the entities were there, of how many. */
  readonly found?: string;
  readonly scope?: Scope | undefined;
  readonly ageMs?: number;
  readonly ttlMs?: number;
  readonly key?: string;
  readonly tags?: readonly string[];
  /** Why it was not kept. */
  readonly reason?: Reason | undefined;
}

/** Why something is not kept. */
export type Reason =
  | RefusalReason
  | 'errors'
  | 'no identity'
  | 'too many tags'
  | 'tags that are none'
  | 'the client said no-store'
  | 'a mutation'
  | 'no data of a subgraph'
  | 'shadow mode'
  | 'turned off'
  | 'not asked for again';

/** What the parts of one answer say, while it is made. */
export interface Record {
  readonly parts: Part[];
  readonly steps: Step[];
}

export function createRecord(): Record {
  return { parts: [], steps: [] };
}
