import type { Json } from '../../execution/own.ts';

/** Whether `@skip` and `@include` leave something in, by the variables; `undefined` for always. */
export type Condition = ((variables: Json) => boolean) | undefined;

/** The conditions of one operation, each the same value wherever it is met: by that what depends on the same is known to be the same. */
export interface Conditions {
  /** @param isWanted what the variable is to be */
  ofVariable(name: string, isWanted: boolean): Condition;
  both(one: Condition, other: Condition): Condition;
}

export function createConditions(): Conditions {
  const [wanted, unwanted] = [new Map<string, Condition>(), new Map<string, Condition>()];
  const pairs = new Map<Condition, Map<Condition, Condition>>();
  return {
    ofVariable: (name, isWanted) =>
      once(isWanted ? wanted : unwanted, name, () => (variables) => (variables[name] === true) === isWanted),
    both: (one, other) => {
      if (one === undefined || one === other) return other;
      if (other === undefined) return one;
      const withOne = once(pairs, one, () => new Map<Condition, Condition>());
      return once(withOne, other, () => (variables) => one(variables) && other(variables));
    },
  };
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
