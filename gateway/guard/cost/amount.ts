import type { Json } from '../../execution/own.ts';

/**
 * A number of a cost: known when an operation is compiled, or computed from the variables of each request. What variables do not
 * touch is folded away: most costs are plain numbers.
 */
export type Amount = number | ((values: Values) => number);

/** What the amounts of one request depend on. */
export interface Values {
  /** Another one for each request. */
  readonly id: number;
  /** With defaults and coercion applied. */
  readonly variables: Json;
  /** What is used in input objects of a variable costs so much: computed once, however often the variable stands in the operation. */
  readonly inputs: Map<string, number>;
}

let lastId = 0;

/** @param variables with defaults and coercion applied */
export function toValues(variables: Json): Values {
  return { id: ++lastId, variables, inputs: new Map() };
}

export function evaluate(amount: Amount, values: Values): number {
  return typeof amount === 'number' ? amount : amount(values);
}

export function sum(amounts: readonly Amount[]): Amount {
  let known = 0;
  const others: Exclude<Amount, number>[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') known += amount;
    else others.push(amount);
  }
  const [only] = others;
  if (only === undefined) return known;
  if (others.length === 1 && known === 0) return only;
  return (values) => {
    let total = known;
    for (const other of others) total += other(values);
    return total;
  };
}

export function product(one: Amount, other: Amount): Amount {
  if (typeof one === 'number' && typeof other === 'number') return times(one, other);
  if (one === 0 || other === 0) return 0;
  if (one === 1) return other;
  if (other === 1) return one;
  return (values) => times(evaluate(one, values), evaluate(other, values));
}

/** Nothing times what is more than can be counted is nothing. To JavaScript it is no number, and neither are all sums with it, which no bound refuses. */
function times(one: number, other: number): number {
  return one === 0 || other === 0 ? 0 : one * other;
}

/**
 * An amount that is computed once for each request. What stands at many places of a sum is itself a sum, and so on: without it an operation of
 * fifty levels, in each of which two types of an interface share a field, would be computed 2^50 times.
 */
export function computedOnce(amount: Amount): Amount {
  if (typeof amount === 'number') return amount;
  let computedFor = 0;
  let computed = 0;
  return (values) => {
    if (computedFor !== values.id) {
      computed = amount(values);
      computedFor = values.id;
    }
    return computed;
  };
}

/** The largest of several; 0 of none. */
export function largest(amounts: readonly Amount[]): Amount {
  const different = [...new Set(amounts)];
  const [only] = different;
  if (different.length === 1 && only !== undefined) return only;
  if (different.every((amount) => typeof amount === 'number'))
    return different.length === 0 ? 0 : Math.max(...different);
  return (values) => Math.max(...different.map((amount) => evaluate(amount, values)));
}

export function atLeastZero(amount: Amount): Amount {
  if (typeof amount === 'number') return Math.max(0, amount);
  return (values) => Math.max(0, amount(values));
}
