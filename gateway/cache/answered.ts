import type { Scope } from './entry.ts';
import type { PartPolicy } from './part.ts';
import type { Reason, Step } from './record.ts';

/** How a whole response came. */
export type ResponseDecision =
  | 'hit'
  | 'stale'
  | 'stale for an error'
  | 'coalesced'
  | 'miss'
  | 'refused'
  | 'not looked for';

/** An answer to a client, with what it says about keeping it. */
export interface Answered {
  /** The response, JSON in UTF-8. */
  readonly body: Buffer;
  readonly policy: PartPolicy;
  readonly decision: ResponseDecision;
  readonly level?: 'l1' | 'l2' | undefined;
  readonly key: string | undefined;
  readonly tags: readonly string[];
  readonly scope: Scope | undefined;
  /** Of its oldest part. */
  readonly ageMs: number;
  /** Why it was not kept. */
  readonly reason: Reason | undefined;
  /** What was asked of subgraphs, and how that came. */
  readonly steps: readonly Step[];
}
