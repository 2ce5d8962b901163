import type { OverrideRow } from '../storage/overrides.ts';
import type { UsedOperation, WindowUsage } from '../storage/usage-window.ts';
import type { JudgedChange } from './check-record.ts';
import type { TracedChange } from './compare-supergraphs.ts';
import { createHitFinder } from './hit.ts';

/** What was found out about changes. */
export interface Judgement {
  /** Those that fail first. */
  readonly changes: readonly JudgedChange[];
  /** The hashes of all operations that some change can hit. */
  readonly hit: ReadonlySet<string>;
}

/**
 * Whether somebody is hit by each change: a check fails for a breaking change that operations of the window use, and when nothing
 * was ever reported, for every breaking change. One that is let through fails nothing.
 *
 * Takes long with many: see `Comparing.judge`.
 */
export function judgeChanges(
  changes: readonly TracedChange[],
  usage: WindowUsage,
  overrides: readonly OverrideRow[],
): Judgement {
  const usersOf = createHitFinder(usage.wanted);
  // Nobody knows which of them uses what: a change that two things together break may hit none. It fails all the same.
  const leftOutOf = createHitFinder([usage.leftOut]);
  const hit = new Set<string>();
  const judged = changes.map(({ change, traces }): JudgedChange => {
    const { code, coordinate, description } = change;
    if (traces === undefined) return { severity: 'NOTICE', code, coordinate, description };
    const users = usersOf(traces);
    for (const { hash } of users) hit.add(hash);
    const allowed = findOverride(overrides, code, coordinate);
    const hasMore = leftOutOf(traces).length > 0;
    const fails = allowed === undefined && (users.length > 0 || hasMore || !usage.isKnown);
    const details = [describeUsers(users, hasMore, usage), allowed && describeOverride(allowed)].filter(Boolean);
    return {
      severity: fails ? 'FAILURE' : 'NOTICE',
      code,
      coordinate,
      description: [description, ...details].join('; '),
    };
  });
  return { changes: failingFirst(judged), hit };
}

/** In their order otherwise. */
export function failingFirst(changes: readonly JudgedChange[]): JudgedChange[] {
  const rank = ({ severity }: JudgedChange) => (severity === 'FAILURE' ? 0 : 1);
  return changes.toSorted((one, other) => rank(one) - rank(other));
}

/** What lets a change through. */
export function findOverride(
  overrides: readonly OverrideRow[],
  code: string,
  coordinate: string,
): OverrideRow | undefined {
  return overrides.find((each) => each.code === code && each.coordinate === coordinate);
}

/** Who said so, and why. */
export function describeOverride({ actor, reason }: OverrideRow): string {
  return `let through by ${actor}: ${reason}`;
}

function describeUsers(
  users: readonly UsedOperation[],
  hasMore: boolean,
  { isKnown, hasThreshold, leftOut }: WindowUsage,
): string {
  const nobody = hasThreshold ? 'used by no operation as often as the threshold says' : 'used by no operation';
  const [first, ...others] = users;
  const many = `more operations are hit than a check looks at: ${leftOut.operations} are left out`;
  if (first === undefined && hasMore) return `not known to be unused, so it counts; ${many}`;
  if (first === undefined) return isKnown ? nobody : 'no usage was reported, so it counts';
  const more = others.length === 0 ? '' : ` and by ${others.length} other operation${others.length === 1 ? '' : 's'}`;
  return `used by ${describeOperation(first)}${more}${hasMore ? ` at least; ${many}` : ''}`;
}

/** Which operation, of whom, how often. */
export function describeOperation({ name, hash, clients, count }: UsedOperation): string {
  const operation = name === null ? `an operation without a name (${hash.slice(0, 12)})` : `operation \`${name}\``;
  const [client] = clients;
  const requests = `${count} request${count === 1 ? '' : 's'}`;
  if (client === undefined) return `${operation} (${requests})`;
  const version = client.version === '' ? '' : ` ${client.version}`;
  const who = client.name === '' ? 'a client without a name' : `client \`${client.name}\`${version}`;
  const rest = clients.length > 1 ? ' and others' : '';
  return `${operation} of ${who}${rest} (${requests})`;
}
