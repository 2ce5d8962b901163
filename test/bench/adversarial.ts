import { ATTACKS, type Attack } from './attacks.ts';
import { NOTHING, sendFor, startSending } from './constant-rate.ts';
import { type Gateway, MODES, ours } from './gateways.ts';
import { issuerOfRun } from './issuer.ts';
import type { Stream, StreamResult } from './open-loop.ts';
import { BOTH_CORES, GATEWAY_CORE } from './process.ts';
import type { Measured, Readings } from './readings.ts';
import type { Contender, Session } from './session.ts';
import { brief, table } from './tables.ts';

/** A client who only wants answers, at a constant rate: alone, and beside each way to keep a gateway busy. */

export interface AdversarialOptions {
  readonly rounds: number;
  /** Of each, quiet and attacked. */
  readonly seconds: number;
}

/** Where the gateway is, by name: its planner has a core to go to, or takes its time from the gateway's own. */
export const ATTACKED_ON: ReadonlyMap<string, string> = new Map([
  ['two cores', BOTH_CORES],
  ['one core', GATEWAY_CORE],
]);

/** How the readings of an attack are called. */
export const attackLoad = ({ name }: Pick<Attack, 'name'>, where: string) => `attacked on ${where}: ${name}`;

/** What measures it when nobody says which. */
export const ATTACKED = 'tributary nd guarded';

/** Of the normal client, per second. */
const RATE = 300;
/** Attacks begin before what is measured does, and may go on for as long after it. */
const MORE_SECONDS = 4;

/** What was said of the attacks, by name, and how often. */
export type Said = Map<string, Map<string, number>>;

/** Nothing yet. */
export const noneSaid = (): Said => new Map(ATTACKS.map(({ name }) => [name, new Map<string, number>()]));

/**
 * Attackers have a process of their own, which waits where others want its core, so that the normal client's requests are sent in time; and an address of
 * their own. The gateway has all of its guard.
 *
 * @returns a table, and what was said that must not be
 */
export async function measureAdversarial(
  session: Session,
  gateways: readonly Gateway[],
  { rounds, seconds }: AdversarialOptions,
  readings: Readings,
): Promise<{ readonly text: string; readonly wrong: readonly string[] }> {
  const said = noneSaid();
  for (const { name } of gateways) {
    const mode = MODES.get(name);
    if (mode === undefined) continue;
    for (const [where, cores] of ATTACKED_ON) {
      const contender = await session.start(ours(name, mode), cores);
      const normal = await createNormal(session, contender);
      await sendFor(seconds, contender.process.url, [normal]);
      for (let round = 0; round < rounds; round++)
        for (const attack of ATTACKS) {
          const { values, attacker } = await measureOne(contender, normal, { attack, seconds, round });
          addAll(said.get(attack.name), attacker.said);
          readings.add(attackLoad(attack, where), name, values);
          await session.recheck(contender);
        }
      await contender.process.close();
    }
  }
  return { text: attackTable(gateways, readings, said), wrong: findWrong(said) };
}

interface OneAttack {
  readonly attack: Attack;
  readonly seconds: number;
  readonly round: number;
}

/** The normal client alone, then beside one attack. */
async function measureOne({ process }: Contender, normal: Stream, { attack, seconds, round }: OneAttack) {
  const hostile = await createHostile(attack, seconds, round);
  const [quiet = NOTHING] = await sendFor(seconds, process.url, [normal]);
  process.resetPeak();
  const attacking = startSending(process.url, [hostile], true);
  const [beside = NOTHING] = await sendFor(seconds, process.url, [normal]);
  const [attacker = NOTHING] = await attacking.stop();
  const values: Partial<Record<Measured, number>> = {
    'sent/s': attack.rate,
    'quiet p50 ms': quiet.p50,
    'quiet p99 ms': quiet.p99,
    'beside p50 ms': beside.p50,
    'beside p99 ms': beside.p99,
    'attack p99 ms': attacker.p99,
    'RSS MB': process.peakMb(),
    failures: failuresOf(quiet) + failuresOf(beside),
  };
  return { values, attacker };
}

async function createNormal(session: Session, { process, name, tokens }: Contender): Promise<Stream> {
  const expected = await session.check(process.url, name, tokens?.[0]);
  return { name: 'normal', rate: RATE, queries: [session.workload.query], tokens, expected: [expected] };
}

/** @param round of which none is like those of another */
export async function createHostile(attack: Attack, seconds: number, round: number): Promise<Stream> {
  const { name, rate, bodies, tokens } = attack;
  const all = bodies(Math.ceil(rate * (seconds + MORE_SECONDS)), round);
  return {
    ...{ name, rate, bodies: all, queries: [], isHostile: true },
    // Each of them is sent once, where no two are the same.
    isOnce: all.length > 1,
    headers: { 'x-forwarded-for': `198.51.100.${1 + ATTACKS.indexOf(attack)}` },
    tokens: await tokens?.(await issuerOfRun()),
  };
}

const failuresOf = ({ failures, wrong }: StreamResult) => failures + wrong;

/** Adds what was said of one. */
export function addAll(counts: Map<string, number> | undefined, more: StreamResult['said']): void {
  for (const [what, count] of Object.entries(more)) counts?.set(what, (counts.get(what) ?? 0) + count);
}

/** Something else was said than what there is to say, or nothing at all. */
export function findWrong(
  said: ReadonlyMap<string, ReadonlyMap<string, number>>,
  wanted: readonly Pick<Attack, 'name' | 'wants'>[] = ATTACKS,
): readonly string[] {
  return wanted.flatMap(({ name, wants }) => {
    const all = [...(said.get(name) ?? [])];
    if (all.length === 0) return [`attacked: ${name}: nothing was said of it`];
    return all
      .filter(([what]) => !wants.includes(what))
      .map(([what, count]) => `attacked: ${name}: ${count} × ${what}, must be ${wants.join(' or ')}`);
  });
}

function attackTable(gateways: readonly Gateway[], readings: Readings, said: Said): string {
  return table(
    gateways.flatMap(({ name: gateway }) =>
      ATTACKS.map((attack) => {
        const codes = [...(said.get(attack.name) ?? [])].sort((a, b) => b[1] - a[1]);
        const loads = [...ATTACKED_ON.keys()].map((where) => ({ where, load: attackLoad(attack, where) }));
        const latencies = loads.flatMap(({ where, load }) => {
          const get = (measure: Measured) => readings.get(load, gateway, measure);
          const [quiet = 0, beside = 0] = [get('quiet p99 ms'), get('beside p99 ms')];
          const p50 = `${brief(get('quiet p50 ms'))} → ${brief(get('beside p50 ms'))}`;
          return [
            [`p50 ms, ${where}`, p50],
            [`p99 ms, ${where}`, `${brief(quiet)} → ${brief(beside)}`],
            [`× quiet, ${where}`, brief(beside / quiet)],
          ] as const;
        });
        return {
          attack: attack.name,
          'sent/s': brief(attack.rate),
          'what was said': codes.map(([what, count]) => `${count} × ${what}`).join(', '),
          ...Object.fromEntries(latencies),
          failures: loads
            .flatMap(({ load }) => readings.all(load, gateway, 'failures'))
            .reduce((sum, one) => sum + one, 0),
          'peak RSS MB': brief(Math.max(...loads.map(({ load }) => readings.get(load, gateway, 'RSS MB') ?? 0))),
        };
      }),
    ),
  );
}
