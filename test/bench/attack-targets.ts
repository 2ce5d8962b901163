import { ATTACKED, attackLoad } from './adversarial.ts';
import { ATTACKS } from './attacks.ts';
import type { Target } from './targets.ts';

/** What an attack may do to somebody else: judged when attacks are measured, and nowhere else. */
export const ATTACK_TARGETS: readonly Target[] = ATTACKS.map((attack) => ({
  load: attackLoad(attack),
  claim: 'p99 of a normal client, × quiet',
  gateway: ATTACKED,
  measure: 'beside p99 ms',
  beside: { measure: 'quiet p99 ms', by: 'times' },
  want: 'at most',
  must: 2,
}));

/** They stand together in a table of their own. */
export const ATTACK_LOADS: ReadonlySet<string> = new Set(ATTACK_TARGETS.map(({ load }) => load));
