import type { Traces } from '../schema/traces.ts';

/** All coordinates by which somebody can be seen to be hit: what the database is asked for. */
export function coordinatesIn(traces: readonly Traces[]): string[] {
  const coordinates = new Set<string>();
  for (const { any, both } of traces) {
    for (const name of any) coordinates.add(name);
    for (const { one, other } of both) for (const name of [...one, ...other]) coordinates.add(name);
  }
  return [...coordinates];
}

/** Makes the function that finds the operations that a change can hit, in the order that they are given in. */
export function createHitFinder<Operation extends { readonly coordinates: readonly string[] }>(
  operations: readonly Operation[],
): (traces: Traces) => readonly Operation[] {
  // Once for all changes: a thousand changes times twenty thousand operations would take minutes one by one.
  const using = new Map<string, Set<number>>();
  for (const [place, { coordinates }] of operations.entries()) {
    for (const coordinate of coordinates) {
      const places = using.get(coordinate);
      if (places === undefined) using.set(coordinate, new Set([place]));
      else places.add(place);
    }
  }
  const placesOf = (names: readonly string[]) => new Set(names.flatMap((name) => [...(using.get(name) ?? [])]));

  return ({ any, both }) => {
    const places = placesOf(any);
    for (const { one, other } of both) {
      for (const place of placesOf(one).intersection(placesOf(other))) places.add(place);
    }
    return [...places].sort((a, b) => a - b).flatMap((place) => operations[place] ?? []);
  };
}
