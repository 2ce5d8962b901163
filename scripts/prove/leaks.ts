import type { Asker, Graph } from './graph.ts';
import type { Random } from './random.ts';
import { type Operation, UsageError } from './read-operations.ts';

/** An answer of one that another got. */
export interface Leak {
  readonly operation: string;
  readonly asker: string;
  /** Whose answer it was. */
  readonly owner: string;
  readonly answer: string;
}

export interface Proof {
  readonly leaks: readonly Leak[];
  /** How many answers were looked at. */
  readonly answers: number;
  /** Operations whose answers tell at least two askers apart: only these can show a leak. */
  readonly telling: readonly string[];
}

export interface ProofOptions {
  readonly graph: Graph;
  readonly operations: readonly Operation[];
  readonly askers: readonly Asker[];
  readonly random: Random;
  /** How many bursts of requests. */
  readonly rounds: number;
}

/** Most requests at once. */
const BURST = 8;
const NO_STORE = 'no-store';

/**
 * Asks a graph as several people in turns and at once, with what caches do in between, and looks for answers that are another's.
 *
 * What each is to get is known from answers that no cache had a part in. Data change meanwhile: before something is called a leak
 * these answers are had again.
 *
 * @throws {UsageError} when an operation has data for nobody, or none tells two askers apart: nothing could be shown then
 */
export async function lookForLeaks({ graph, operations, askers, random, rounds }: ProofOptions): Promise<Proof> {
  const known = new Map<Operation, Map<Asker, string>>();
  for (const operation of operations) {
    const answers = new Map<Asker, string>();
    for (const asker of askers) answers.set(asker, await graph.ask(operation, asker, NO_STORE));
    const [any = ''] = answers.values();
    if (![...answers.values()].some(hasData))
      throw new UsageError(`${operation.name} has data for nobody: ${any.slice(0, 200)}`);
    known.set(operation, answers);
  }
  const telling = operations.filter((operation) => new Set(known.get(operation)?.values()).size > 1);
  if (telling.length === 0)
    throw new UsageError(
      'Every operation has the same answer for everyone: no leak could be seen. Add one that is about who asks.',
    );

  const leaks: Leak[] = [];
  let answers = 0;

  async function look(operation: Operation, asker: Asker, control: string | undefined): Promise<void> {
    const answer = await graph.ask(operation, asker, control);
    answers++;
    if (answer === known.get(operation)?.get(asker)) return;
    for (const other of askers) {
      if (other === asker || known.get(operation)?.get(other) !== answer) continue;
      if (await isOf(operation, asker, other, answer))
        leaks.push({ operation: operation.name, asker: asker.name, owner: other.name, answer });
    }
    known.get(operation)?.set(asker, await graph.ask(operation, asker, NO_STORE));
  }

  /** Between two answers of one's own, so that something that changes for all is not taken for another's. */
  async function isOf(operation: Operation, asker: Asker, other: Asker, answer: string): Promise<boolean> {
    const own = [await graph.ask(operation, asker, NO_STORE)];
    const others = await graph.ask(operation, other, NO_STORE);
    own.push(await graph.ask(operation, asker, NO_STORE));
    known.get(operation)?.set(other, others);
    return answer === others && !own.includes(answer);
  }

  for (let round = 0; round < rounds && leaks.length === 0; round++) {
    if (random.chance(0.1)) await graph.invalidate?.(random.next());
    // One operation as a rule: what is asked at once is what is shared.
    const one = random.chance(0.7) ? random.pick(operations) : undefined;
    const burst = Array.from({ length: 1 + Math.floor(random.next() * BURST) }, () => ({
      operation: one ?? random.pick(operations),
      asker: random.pick(askers),
      control: random.chance(0.1) ? 'no-cache' : undefined,
    }));
    await Promise.all(burst.map(({ operation, asker, control }) => look(operation, asker, control)));
  }
  return { leaks, answers, telling: telling.map(({ name }) => name) };
}

function hasData(answer: string): boolean {
  const { data } = JSON.parse(answer) as { readonly data?: unknown };
  return data !== undefined && data !== null;
}
