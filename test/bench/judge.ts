import type { Readings } from './readings.ts';
import type { Target } from './targets.ts';

export type Verdict = 'goal' | 'met' | 'MISSED' | 'not measured';

export interface Judgement {
  readonly target: Target;
  /** In words: what is judged against what. */
  readonly title: string;
  /** Undefined when one of its numbers was not measured. */
  readonly value: number | undefined;
  /** Lowest and highest of the single rounds. */
  readonly spread: readonly [number, number] | undefined;
  readonly verdict: Verdict;
}

/** Judges every target by the medians of a run; the spread is that of the rounds, each by itself. */
export function judge(targets: readonly Target[], readings: Readings): readonly Judgement[] {
  return targets.map((target) => {
    const against = bestOf(target, readings);
    const title = `${target.load}: ${target.claim} (${target.gateway}${against === undefined ? '' : ` / ${against}`})`;
    const ours = readings.all(target.load, target.gateway, target.measure);
    const theirs = othersOf(target, against, readings);
    if (ours.length === 0 || theirs?.values.length === 0)
      return { target, title, value: undefined, spread: undefined, verdict: 'not measured' };
    const combine = (a: number, b: number) => (theirs === undefined ? a : theirs.combine(a, b));
    const other = theirs === undefined ? undefined : theirs.median;
    const value = combine(readings.get(target.load, target.gateway, target.measure) ?? 0, other ?? 0);
    const rounds = ours.map((one, round) => combine(one, theirs?.values[round] ?? other ?? 0));
    // A peer that answered nothing is no measure: nothing is infinitely good.
    if (!Number.isFinite(value)) return { target, title, value: undefined, spread: undefined, verdict: 'not measured' };
    return {
      target,
      title,
      value,
      spread: [Math.min(...rounds), Math.max(...rounds)],
      verdict: verdictOf(target, value),
    };
  });
}

/** The one of several peers that is hardest to compare with. */
function bestOf({ load, measure, against, want }: Target, readings: Readings): string | undefined {
  const measured = (against ?? []).flatMap((gateway) => {
    const value = readings.get(load, gateway, measure);
    return value === undefined ? [] : [{ gateway, value }];
  });
  measured.sort((a, b) => (want === 'at least' ? b.value - a.value : a.value - b.value));
  return measured[0]?.gateway ?? against?.[0];
}

interface Others {
  readonly values: readonly number[];
  readonly median: number;
  combine(ours: number, theirs: number): number;
}

function othersOf(target: Target, against: string | undefined, readings: Readings): Others | undefined {
  const of = (gateway: string, measure: Target['measure'], combine: Others['combine']): Others => ({
    values: readings.all(target.load, gateway, measure),
    median: readings.get(target.load, gateway, measure) ?? 0,
    combine,
  });
  const divide = (a: number, b: number) => a / b;
  if (target.beside !== undefined)
    return of(
      target.gateway,
      target.beside.measure,
      target.beside.by === 'times' ? divide : (beside, quiet) => beside - quiet,
    );
  return against === undefined ? undefined : of(against, target.measure, divide);
}

function verdictOf({ want, must, goal = must }: Target, value: number): Verdict {
  const reaches = (limit: number) => (want === 'at least' ? value >= limit : value <= limit);
  return reaches(must) ? (reaches(goal) ? 'goal' : 'met') : 'MISSED';
}

/** Each *must* that was missed or not measured, in a line of its own. */
export function missedMusts(judgements: readonly Judgement[]): readonly string[] {
  return judgements
    .filter(({ verdict }) => verdict === 'MISSED' || verdict === 'not measured')
    .map(
      ({ title, value, target: { want, must } }) =>
        `${title}: ${value === undefined ? 'not measured' : value.toFixed(2)}, must be ${want} ${must}`,
    );
}

/** Where one of ours failed to answer, or answered wrongly: no number of that load counts then. */
export function failuresOfOurs(readings: Readings): readonly string[] {
  return readings.loads().flatMap((load) =>
    readings
      .gateways(load)
      .filter((gateway) => gateway.startsWith('tributary'))
      .map((gateway) => ({
        gateway,
        count: readings.all(load, gateway, 'failures').reduce((sum, one) => sum + one, 0),
      }))
      .filter(({ count }) => count > 0)
      .map(({ gateway, count }) => `${load}: ${count} requests to ${gateway} failed or were answered wrongly`),
  );
}
