import { type Gateway, MODES, ours } from './gateways.ts';
import type { GuardCounts } from './inside-guard.ts';
import type { Readings } from './readings.ts';
import type { Contender, Session } from './session.ts';
import { awake, measureRounds, startContenders } from './throughput.ts';

/** What the guard costs: all of it on, against the same gateway with all of it off, on the same traffic. */

/** How the readings are called. */
export const GUARD_LOAD = 'guard';

/** Against the first of these the others are measured. */
export const GUARDING = ['tributary nd unguarded', 'tributary nd guarded', 'tributary nd guarded calls'];

export interface GuardedOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/**
 * All get the same requests of a hundred people, each with a token. Who is guarded verifies it, looks whether its owner may have two of the fields, estimates
 * what the operation costs, charges a budget of requests and one of cost points, and corrects that by what it did cost.
 *
 * Every token has been seen when the rounds begin: from there on no signature may be checked.
 */
export async function measureGuarded(
  session: Session,
  gateways: readonly Gateway[],
  options: GuardedOptions,
  readings: Readings,
): Promise<void> {
  const telling = gateways.flatMap(({ name }) => {
    const mode = MODES.get(name);
    return mode?.guarding === undefined ? [] : [ours(name, mode, { telling: 'inside-guard.ts' })];
  });
  const contenders = await startContenders(session, telling);
  const before = await countAll(contenders);
  await measureRounds(session, contenders, { load: GUARD_LOAD, ...options }, readings);
  const after = await countAll(contenders);
  for (const { name, process } of contenders) {
    const [from, to] = [before.get(name) ?? NONE, after.get(name) ?? NONE];
    const [bySlice, byStore] = [to.bySlice - from.bySlice, to.byStore - from.byStore];
    if (bySlice + byStore > 0)
      readings.add(GUARD_LOAD, name, {
        'Redis calls/req': byStore / (bySlice + byStore),
        'signatures seen': to.signatures - from.signatures,
      });
    await process.close();
  }
}

const NONE: GuardCounts = { signatures: 0, bySlice: 0, byStore: 0 };

async function countAll(contenders: readonly Contender[]): Promise<ReadonlyMap<string, GuardCounts>> {
  const counts = new Map<string, GuardCounts>();
  for (const contender of contenders)
    await awake(contender, async () => {
      counts.set(contender.name, await contender.process.inside<GuardCounts>());
    });
  return counts;
}
