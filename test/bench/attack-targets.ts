import { ATTACKED, ATTACKED_ON, attackLoad } from './adversarial.ts';
import { ATTACKS } from './attacks.ts';
import type { Target } from './targets.ts';

/** What an attack may do to the p99 of somebody else: as much as operations that nobody has seen may (`targets.ts`, hot traffic). */
const MAY: Readonly<Record<string, { readonly by: 'times' | 'plus'; readonly must: number; readonly claim: string }>> =
  {
    'two cores': { by: 'times', must: 2, claim: 'p99 of a normal client, × quiet' },
    'one core': { by: 'plus', must: 10, claim: 'p99 of a normal client, ms over quiet' },
  };

/** Judged when attacks are measured, and nowhere else. */
export const ATTACK_TARGETS: readonly Target[] = [...ATTACKED_ON.keys()].flatMap((where) => {
  const may = MAY[where];
  if (may === undefined) return [];
  return ATTACKS.map(
    (attack): Target => ({
      load: attackLoad(attack, where),
      claim: may.claim,
      gateway: ATTACKED,
      measure: 'beside p99 ms',
      beside: { measure: 'quiet p99 ms', by: may.by },
      want: 'at most',
      must: may.must,
    }),
  );
});

/** They stand together in a table of their own. */
export const ATTACK_LOADS: ReadonlySet<string> = new Set(ATTACK_TARGETS.map(({ load }) => load));
