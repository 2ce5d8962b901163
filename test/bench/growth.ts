import type { AtRest } from './at-rest.ts';

/** What may have grown between two readings at rest, and what of that counts. */

/** What is read, as it is called in tables. */
export const HELD = [
  { name: 'RSS MB', of: 'rssMb' },
  { name: 'heap MB', of: 'heapMb' },
  { name: 'external MB', of: 'externalMb' },
  { name: 'planner heap MB', of: 'plannerHeapMb' },
  { name: 'threads', of: 'threads' },
  { name: 'sockets', of: 'sockets' },
  { name: 'map entries', of: 'mapEntries' },
  { name: 'set entries', of: 'setEntries' },
] as const satisfies readonly { readonly name: string; readonly of: keyof AtRest }[];

type Held = (typeof HELD)[number]['name'];

/**
 * How much more the last reading may have than the second. (The first is left out: code is still compiled, and memos are not
 * full.) Threads and sockets at rest are exact. Of the rest each has what differs from reading to reading though nothing is
 * kept, because the memo holds other operations each time, as many as its bytes allow; and a steady leak shows
 * beside that: ten minutes are 6,000 new operations and 186,000 requests. (In ten minutes the heap stayed within 0.2 MB, the
 * entries within 300.)
 */
export const ALLOWED: Readonly<Record<Held, number>> = {
  // Given back to the system late, and in whole pages.
  'RSS MB': 40,
  'heap MB': 1.5,
  'external MB': 1,
  'planner heap MB': 1.5,
  threads: 0,
  sockets: 0,
  'map entries': 1_000,
  'set entries': 1_000,
};

/**
 * Beside attacks the garbage of the last ones is still with the system, or is not any more (334 to 535 MB in four readings), the memo holds some of their operations, and the cache many small
 * answers or few large ones (9,800 to 21,300 entries of maps and 51 to 63 MB of heap in seven readings, up and down). Half an hour is 400,000 requests and as many attempts of attackers: a
 * thirtieth of an entry of each would show.
 */
export const ALLOWED_BESIDE_ATTACKS: typeof ALLOWED = {
  ...ALLOWED,
  'RSS MB': 250,
  'heap MB': 14,
  'map entries': 12_000,
  'set entries': 8_000,
};

export interface Growth {
  readonly held: Held;
  readonly second: number;
  readonly last: number;
  readonly allowed: number;
  readonly isGrowing: boolean;
}

/** Judges the last of the readings by the second. @throws {TypeError} for fewer than three */
export function judgeGrowth(readings: readonly AtRest[], most = ALLOWED): readonly Growth[] {
  const [, second, ...later] = readings;
  const last = later.at(-1);
  if (second === undefined || last === undefined) throw new TypeError('growth shows in three readings or more');
  return HELD.map(({ name, of }) => {
    const allowed = most[name];
    return { held: name, second: second[of], last: last[of], allowed, isGrowing: last[of] - second[of] > allowed };
  });
}
