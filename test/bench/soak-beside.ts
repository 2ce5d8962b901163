import { setTimeout as pause } from 'node:timers/promises';
import { addAll, createHostile, noneSaid, type Said } from './adversarial.ts';
import { dataOf } from './answers.ts';
import { ATTACKS } from './attacks.ts';
import { startSending } from './constant-rate.ts';
import type { StreamResult } from './open-loop.ts';
import { LOAD_CORE, type RunningProcess, startPinned } from './process.ts';
import type { Graphs } from './reloads.ts';

/** What goes on beside the traffic of a soak: attacks, other graphs, a replica that stands still or dies, writes that are read again. */

/** What became of it, over all slices. */
export interface Besides {
  /** Of attacks and of clients who will not wait. */
  readonly said: Said;
  readonly counts: Map<'attacks' | 'graphs' | 'pauses' | 'kills' | 'writes' | 'reads', number>;
  readonly wrong: string[];
  take(name: string, said: StreamResult['said']): void;
}

export function createBesides(): Besides {
  const said = noneSaid();
  return {
    said,
    counts: new Map(),
    wrong: [],
    take: (name, more) => {
      if (Object.keys(more).length === 0) return;
      if (!said.has(name)) said.set(name, new Map());
      addAll(said.get(name), more);
    },
  };
}

function count({ counts }: Besides, what: Parameters<Besides['counts']['set']>[0]): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** Each attack lasts so long: its process has to be started, and gets what others leave of its core. */
const ATTACK_SECONDS = 2.5;
/** The last part of a slice is without attacks, so that what is held at rest does not depend on which of them came last. */
const QUIET_SHARE = 0.25;

/** One attack after the other; the next slice goes on where this one ended. */
export async function attackInTurn(url: string, seconds: number, until: number, besides: Besides): Promise<void> {
  const end = until - QUIET_SHARE * seconds * 1_000;
  while (end - performance.now() > ATTACK_SECONDS * 1_000) {
    const turn = besides.counts.get('attacks') ?? 0;
    const attack = ATTACKS[turn % ATTACKS.length];
    if (attack === undefined) return;
    // Operations of theirs are those of nobody else, and of no turn before.
    const attacking = startSending(url, [await createHostile(attack, ATTACK_SECONDS, 1_000 + turn)], true);
    await pause(ATTACK_SECONDS * 1_000);
    for (const result of await attacking.stop()) besides.take(result.name, result.said);
    count(besides, 'attacks');
  }
}

const GRAPH_SECONDS = 5;

/** Another graph now and then; in the end the first. */
export async function changeGraph(graphs: Graphs, until: number, besides: Besides): Promise<void> {
  while (until - performance.now() > GRAPH_SECONDS * 1_000) {
    await pause(GRAPH_SECONDS * 1_000);
    await graphs.change();
    count(besides, 'graphs');
  }
  await graphs.restore();
}

/** A second process with the same subgraphs, which comes and goes. */
export interface Replica {
  readonly port: string;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Starts it again, at the same port. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export async function startReplica(workload: string): Promise<Replica> {
  const start = async (port: string): Promise<RunningProcess> => {
    const replica = await startPinned(LOAD_CORE, {
      command: ['node', 'test/bench/subgraphs.ts', workload, port],
      address: /listening (\d+)/,
    });
    for (const what of ['vary/on', 'keep/on'])
      await fetch(`http://127.0.0.1:${replica.url}/${what}`, { headers: { connection: 'close' } });
    return replica;
  };
  let running = await start('0');
  const port = running.url;
  return {
    port,
    pause: () => running.pause(),
    resume: () => running.resume(),
    kill: () => running.close(),
    revive: async () => {
      running = await start(port);
    },
    close: () => running.close(),
  };
}

/** In each slice the replica stands still for a fifth of the time, goes on, is killed, and comes back well before the end. */
export async function disturb(replica: Replica, seconds: number, besides: Besides): Promise<void> {
  const fifth = seconds * 200;
  await pause(fifth);
  replica.pause();
  count(besides, 'pauses');
  await pause(fifth);
  replica.resume();
  await pause(fifth);
  await replica.kill();
  count(besides, 'kills');
  await pause(fifth / 2);
  await replica.revive();
}

const SET = 'mutation ($id: ID!, $text: String!) { setNote(id: $id, text: $text) { id text } }';
const GET = 'query ($id: ID!) { note(id: $id) { id text } }';
const WRITE_MS = 200;
/** Each is written once more only after all others. */
const NOTES = 20;

/**
 * Writes, with reads under way that may see what was there before or what is there now; then reads, of which none may see what was there before.
 * What subgraphs say of every answer is that it may be kept.
 */
export async function writeAndRead(
  url: string,
  token: string | undefined,
  until: number,
  besides: Besides,
): Promise<void> {
  const ask = async (query: string, variables: Record<string, string>) => {
    const response = await fetch(url, {
      method: 'POST',
      // A connection that stays open would count as one of the gateway's.
      headers: { 'content-type': 'application/json', connection: 'close', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { note, setNote = note } = (dataOf(text) ?? {}) as Record<string, { text?: string } | undefined>;
    return setNote?.text ?? text;
  };
  /** What each note may say: what was written, and what was there before a write of which nobody knows whether it was done. */
  const texts = new Map<string, readonly string[]>();
  for (let number = 0; performance.now() < until; number++) {
    const id = `n${number % NOTES}`;
    const text = `${until} ${number}`;
    const old = texts.get(id) ?? [await ask(GET, { id })];
    const read = async (allowed: readonly string[]) => {
      const found = await ask(GET, { id });
      count(besides, 'reads');
      if (!allowed.includes(found))
        besides.wrong.push(`soak: read "${found}" where ${allowed.join(' or ')} was written`);
    };
    const written = ask(SET, { id, text });
    await Promise.all([read([...old, text]), read([...old, text])]);
    const isDone = (await written) === text;
    if (!isDone) besides.wrong.push(`soak: a write was answered with ${await written}`);
    count(besides, 'writes');
    const allowed = isDone ? [text] : [...old, text];
    texts.set(id, allowed);
    for (let again = 0; again < 3; again++) await read(allowed);
    await pause(WRITE_MS);
  }
}
