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
 * How much more the last reading may have than the second, or than another it is compared with. (The first is left out: code is still compiled, and memos are not
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

/** How growth is judged. */
export interface Judging {
  readonly allowed: typeof ALLOWED;
  /** Which reading the last is compared with, counted from 0, of so many. */
  readonly from: (count: number) => number;
}

const ALONE: Judging = { allowed: ALLOWED, from: () => 1 };

/**
 * Beside attacks what is bounded takes ten minutes to be full, because a thousand operations a minute are new: of those that are watched for coming often there are 10,000, of those that no manifest knows
 * some 7,000 (from 10,000 entries of maps to 22,000 in twelve minutes, and no more in the fifteen after them). So the second half is what must not grow. The garbage of the last attacks is still with the system, or is not any more (334 to 535 MB in four readings), and the memo holds some of their
 * operations. A quarter of an hour is 200,000 requests and as many attempts of attackers: a fiftieth of an entry of each would show.
 */
export const BESIDE_ATTACKS: Judging = {
  allowed: { ...ALLOWED, 'RSS MB': 250, 'heap MB': 4, 'map entries': 4_000, 'set entries': 4_000 },
  from: (count) => Math.floor(count / 2),
};

export interface Growth {
  readonly held: Held;
  readonly before: number;
  readonly last: number;
  readonly allowed: number;
  readonly isGrowing: boolean;
}

/** Judges the last of the readings by an earlier one; by default by the second. @throws {TypeError} for fewer than three */
export function judgeGrowth(readings: readonly AtRest[], { allowed, from }: Judging = ALONE): readonly Growth[] {
  const before = readings[from(readings.length)];
  const last = readings.at(-1);
  if (before === undefined || last === undefined || readings.length < 3)
    throw new TypeError('growth shows in three readings or more');
  return HELD.map(({ name, of }) => {
    const most = allowed[name];
    return {
      ...{ held: name, before: before[of], last: last[of], allowed: most },
      isGrowing: last[of] - before[of] > most,
    };
  });
}
