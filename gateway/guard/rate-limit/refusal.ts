import { GatewayError } from '../../errors.ts';
import type { Rule } from './rule-set.ts';

/** How a rule stands for a client. */
export interface Standing {
  readonly rule: Rule;
  readonly left: number;
  /** No more than that can be spent within this time, in milliseconds. */
  readonly forMs: number;
}

/** A rule that a request does not keep. */
export interface Violation extends Standing {
  /** What the request is to pay. */
  readonly amount: number;
  /** After how long it could; Infinity for never. */
  readonly waitMs: number;
}

/**
 * The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11, section 3). The unit of cost points is not in the draft's registry,
 * but without one they would be requests.
 */
export function toPolicies(rules: readonly Rule[]): string {
  return rules
    .map(({ name, limit, windowMs, unit }) => {
      const unitOfQuota = unit === 'cost' ? ';qu="cost-points"' : '';
      return `"${name}";q=${limit};w=${windowMs / 1_000}${unitOfQuota}`;
    })
    .join(', ');
}

/** The value of `RateLimit` (section 4): for each rule its quota of which least is left; empty when nothing is known. */
export function toLimits(standings: readonly Standing[]): string {
  let text = '';
  for (const { rule, left, forMs } of tightest(standings)) {
    if (forMs <= 0) continue;
    const separator = text === '' ? '' : ', ';
    text += `${separator}"${rule.name}";r=${Math.floor(left)};t=${Math.ceil(forMs / 1_000)}`;
  }
  return text;
}

function tightest(standings: readonly Standing[]): readonly Standing[] {
  const ofRule = new Map<Rule, Standing>();
  for (const standing of standings) {
    const other = ofRule.get(standing.rule);
    if (other === undefined || standing.left < other.left) ofRule.set(standing.rule, standing);
  }
  return ofRule.size === standings.length ? standings : [...ofRule.values()];
}

/** @param headers beside `retry-after` */
export function toRefusal(
  { rule, amount, waitMs }: Violation,
  headers: Readonly<Record<string, string>>,
): GatewayError {
  const { name, limit, windowMs, unit } = rule;
  const windowS = windowMs / 1_000;
  const allowed = `The rate limit "${name}" allows ${limit} ${unit === 'cost' ? 'cost points' : 'requests'} within ${windowS} s`;
  const isCounted = Number.isFinite(amount);
  const extensions = { rule: name, limit, windowS, unit, ...(unit === 'cost' && isCounted ? { cost: amount } : {}) };
  if (waitMs === Number.POSITIVE_INFINITY) {
    const asked =
      unit === 'cost'
        ? `this operation costs ${isCounted ? amount : 'more than can be counted'}`
        : `this operation counts as ${amount}`;
    return new GatewayError('RATE_LIMITED', `${allowed}, and ${asked}: ask for less at once.`, { extensions, headers });
  }
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1_000));
  const spent = unit === 'cost' ? `and so many as this operation costs (${amount}) are free` : 'and the next is free';
  return new GatewayError('RATE_LIMITED', `${allowed}, ${spent} in ${retryAfterS} s.`, {
    extensions: { ...extensions, retryAfterS },
    headers: { ...headers, 'retry-after': String(retryAfterS) },
  });
}
