import type { Work } from '../../planning/planner-threads.ts';
import type { Budget } from './budget.ts';

/** Something that is made once and kept while it is used. */
export interface Memo<Value> {
  get(key: string): Value | undefined;
  /**
   * @param bytes what it takes in memory, estimated
   * @param name by which it is told when it comes again, where that is not its key
   */
  keep(key: string, value: Value, bytes: number, name?: string): void;
  /**
   * Has something made. All who want the same meanwhile share one piece of work; whoever's turn comes first has it done.
   * A refusal is not kept: nobody sends such a thing often but who means to fill the memory.
   */
  share(key: string, client: string, begin: () => Work<Value>): Promise<Value>;
  values(): Iterable<Value>;
}

interface Kept<Value> {
  readonly value: Value;
}

/** Makes a memo that is bounded by a budget. */
export function createMemo<Value>(budget: Budget): Memo<Value> {
  const kept = new Map<string, Kept<Value>>();
  const inWork = new Map<string, Work<Value>>();
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      budget.use(found);
      return found.value;
    },
    keep: (key, value, bytes, name = key) => {
      const entry = { value };
      const forget = () => {
        if (kept.get(key) === entry) kept.delete(key);
      };
      if (budget.take(entry, { name, bytes: Math.ceil(bytes), forget })) kept.set(key, entry);
    },
    share: (key, client, begin) => {
      const known = inWork.get(key);
      if (known !== undefined) {
        known.join(client);
        return known.result;
      }
      const work = begin();
      inWork.set(key, work);
      const forget = () => void inWork.delete(key);
      work.result.then(forget, forget);
      return work.result;
    },
    values: function* () {
      for (const { value } of kept.values()) yield value;
    },
  };
}
