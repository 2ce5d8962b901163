/** What two lists have under the same names, and what only one of them has. */
export interface Matched<Item> {
  readonly added: readonly Item[];
  readonly removed: readonly Item[];
  readonly kept: readonly { readonly before: Item; readonly after: Item }[];
}

/** Matches by name: the order of either list says nothing. */
export function matchByName<Item extends { readonly name: string }>(
  before: readonly Item[],
  after: readonly Item[],
): Matched<Item> {
  const former = new Map(before.map((item) => [item.name, item]));
  const names = new Set(after.map(({ name }) => name));
  return {
    added: after.filter(({ name }) => !former.has(name)),
    removed: before.filter(({ name }) => !names.has(name)),
    kept: after.flatMap((item) => {
      const match = former.get(item.name);
      return match === undefined ? [] : [{ before: match, after: item }];
    }),
  };
}
