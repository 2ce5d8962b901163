/** Waiting work in which clients take turns: who asks for a thousand things waits for them behind those who ask for one. */
export interface FairQueue<Item> {
  /** How much waits. One item that two clients wait for counts twice. */
  readonly size: number;
  /**
   * Puts an item behind what this client waits for already.
   *
   * @returns what has no place: when the queue is full, the last item of the client that waits for most, be it this one
   */
  add(client: string, item: Item): Dropped<Item> | undefined;
  /** Takes the first item of the client whose turn it is. */
  take(): Item | undefined;
  /** Takes out what this client waits for, if it still does. */
  remove(client: string, item: Item): void;
}

export interface Dropped<Item> {
  readonly client: string;
  readonly item: Item;
}

/** @param capacity how many items may wait */
export function createFairQueue<Item>(capacity: number): FairQueue<Item> {
  /** In the order of turns. A client that waits for nothing is not here. */
  const lines = new Map<string, Item[]>();
  let size = 0;

  function add(client: string, item: Item): void {
    const line = lines.get(client);
    if (line === undefined) lines.set(client, [item]);
    else line.push(item);
    size++;
  }

  return {
    get size() {
      return size;
    },
    add: (client, item) => {
      if (size < capacity) {
        add(client, item);
        return undefined;
      }
      const longest = findLongest(lines);
      const own = lines.get(client)?.length ?? 0;
      // With one more, its own line would be as long as any: nobody's place is taken for that.
      if (longest === undefined || own + 1 >= longest.line.length) return { client, item };
      const [last] = longest.line.splice(-1);
      if (last === undefined) return { client, item };
      size--;
      add(client, item);
      return { client: longest.client, item: last };
    },
    take: () => {
      const [next] = lines;
      if (next === undefined) return undefined;
      const [client, line] = next;
      const item = line.shift();
      size--;
      lines.delete(client);
      if (line.length > 0) lines.set(client, line);
      return item;
    },
    remove: (client, item) => {
      const line = lines.get(client);
      const place = line?.indexOf(item) ?? -1;
      if (line === undefined || place === -1) return;
      line.splice(place, 1);
      size--;
      if (line.length === 0) lines.delete(client);
    },
  };
}

function findLongest<Item>(lines: ReadonlyMap<string, Item[]>): { client: string; line: Item[] } | undefined {
  let longest: { client: string; line: Item[] } | undefined;
  for (const [client, line] of lines) if (line.length > (longest?.line.length ?? 0)) longest = { client, line };
  return longest;
}
