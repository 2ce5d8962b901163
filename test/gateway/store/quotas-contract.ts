import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Charge, Correction, Quotas } from '../../../gateway/store/quotas.ts';
import { until } from '../../support/until.ts';

/** A place where several processes could open the same quotas. */
export interface QuotasSite {
  /** Others that see the same, as another process would; the only ones there are when nothing is shared. */
  open(): Promise<Quotas>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

const NAMES = [
  ['nothing', ''],
  ['a brace', '}'],
  ['braces', '{}'],
  ['braces within', '{x}y'],
  ['two lines', 'a\n1:b'],
  ['letters of others', 'ü🙂'],
  ['a long one', 'x'.repeat(10_000)],
] as const;

/** A charge of one from a quota of ten an hour. */
export function charge(changes: Partial<Charge> = {}): Charge {
  return { key: 'requests', limit: 10, windowMs: HOUR_MS, amount: 1, ahead: 0, ...changes };
}

/** Runs what quotas do, wherever they are. */
export function describeQuotas(title: string, createSite: () => Promise<QuotasSite>): void {
  describe(`quotas (${title})`, () => {
    let site: QuotasSite;
    let quotas: Quotas;

    beforeEach(async () => {
      site = await createSite();
      quotas = await site.open();
    });
    afterEach(() => site.close());

    const left = async (changes: Partial<Charge> = {}, owner = 'ada') =>
      (await quotas.charge(owner, [charge({ ...changes, amount: 0 })])).states[0]?.left;

    it('grants up to the limit, and says what is left and when there will be more', async () => {
      for (let spent = 1; spent <= 10; spent++) {
        const { isGranted, states } = await quotas.charge('ada', [charge()]);
        expect([isGranted, states[0]?.left, states[0]?.waitMs]).toEqual([true, 10 - spent, 0]);
      }
      const { isGranted, states } = await quotas.charge('ada', [charge()]);
      expect([isGranted, states[0]?.left]).toEqual([false, 0]);
      const { waitMs = 0, forMs } = states[0] ?? {};
      expect(waitMs).toBe(forMs);
      expect(waitMs).toBeGreaterThan(0.99 * HOUR_MS);
      expect(waitMs).toBeLessThanOrEqual(1.01 * HOUR_MS);
    });

    it('keeps owners, keys and windows apart', async () => {
      await quotas.charge('ada', [charge({ amount: 7 })]);
      expect(await left()).toBe(3);
      expect(await left({}, 'bob')).toBe(10);
      expect(await left({ key: 'others' })).toBe(10);
    });

    it.each(NAMES)('takes any text for an owner: %s', async (_, owner) => {
      const both = [charge({ amount: 7 }), charge({ key: 'other', amount: 8 })];
      expect((await quotas.charge(owner, both)).isGranted).toBe(true);
      expect([await left({}, owner), await left({ key: 'other' }, owner), await left({}, `${owner}.`)]).toEqual([
        3, 2, 10,
      ]);
    });

    it.each(NAMES)('takes any text for a key: %s', async (_, key) => {
      await quotas.charge('ada', [charge({ key, amount: 7 })]);
      expect([await left({ key }), await left({ key: `${key}.` })]).toEqual([3, 10]);
    });

    it('spends of all quotas or of none', async () => {
      const [wide, narrow] = [charge({ key: 'wide' }), charge({ key: 'narrow', limit: 2 })];
      for (let count = 0; count < 5; count++) await quotas.charge('ada', [wide, narrow]);
      const { isGranted, states } = await quotas.charge('ada', [wide, narrow]);
      expect(isGranted).toBe(false);
      expect(states.map(({ left: rest, waitMs }) => [rest, waitMs > 0])).toEqual([
        [8, false],
        [0, true],
      ]);
    });

    it('spends amounts, also broken ones, and nothing', async () => {
      expect((await quotas.charge('ada', [charge({ amount: 2.5 })])).states[0]?.left).toBe(7.5);
      expect((await quotas.charge('ada', [charge({ amount: 8 })])).isGranted).toBe(false);
      expect((await quotas.charge('ada', [charge({ amount: 7.5 })])).isGranted).toBe(true);
      expect((await quotas.charge('ada', [charge({ amount: 0 })])).isGranted).toBe(true);
    });

    it('never grants what is more than the whole', async () => {
      const { isGranted, states } = await quotas.charge('ada', [charge({ amount: 11 })]);
      expect([isGranted, states[0]?.waitMs, states[0]?.left]).toEqual([false, Number.POSITIVE_INFINITY, 10]);
    });

    it('takes ahead as much as there is', async () => {
      expect((await quotas.charge('ada', [charge({ ahead: 4 })])).states[0]).toMatchObject({ ahead: 4, left: 5 });
      expect((await quotas.charge('ada', [charge({ ahead: 9 })])).states[0]).toMatchObject({ ahead: 4, left: 0 });
      expect((await quotas.charge('ada', [charge({ ahead: 9 })])).states[0]).toMatchObject({ ahead: 0, left: 0 });
    });

    it('corrects what was charged, as if it had been so from the beginning', async () => {
      const correction = async (amount: number, delta: number): Promise<Correction> => {
        const { states } = await quotas.charge('ada', [charge({ amount })]);
        return { owner: 'ada', key: 'requests', windowMs: HOUR_MS, tick: states[0]?.tick ?? 0, delta };
      };
      await quotas.correct([await correction(6, -4)]);
      expect(await left()).toBe(8);
      await quotas.correct([await correction(2, 1), { ...(await correction(1, 0.5)), owner: 'bob' }]);
      expect([await left(), await left({}, 'bob')]).toEqual([4, 9.5]);
      await quotas.correct([await correction(0, -100)]);
      expect(await left()).toBe(10);
      const more = await correction(10, 5);
      await quotas.correct([more]);
      expect((await quotas.charge('ada', [charge()])).isGranted).toBe(false);
      await quotas.correct([
        { ...more, delta: -6 },
        { ...more, delta: 1 },
      ]);
      expect((await quotas.charge('ada', [charge()])).isGranted).toBe(false);
      await quotas.correct([{ ...more, delta: -1 }]);
      expect(await left()).toBe(1);
      await quotas.correct([]);
    });

    it('gives nothing back of what has left the window, and counts what is more', async () => {
      const { states } = await quotas.charge('ada', [charge({ amount: 5 })]);
      const gone = { owner: 'ada', key: 'requests', windowMs: HOUR_MS, tick: (states[0]?.tick ?? 0) - 200 };
      await quotas.correct([{ ...gone, delta: -5 }]);
      expect(await left()).toBe(5);
      await quotas.correct([{ ...gone, delta: 2 }]);
      expect(await left()).toBe(3);
    });

    it('frees what was spent when the window has passed since, and says when that is', async () => {
      const short = charge({ windowMs: 300, limit: 2 });
      const grantedAts: number[] = [];
      // On a busy machine the window may have passed before the third: then those that count are the last two.
      const { states, refusedAt } = await until(async () => {
        const askedAt = performance.now();
        const { isGranted, states } = await quotas.charge('ada', [short]);
        if (!isGranted) return { states, refusedAt: performance.now() };
        grantedAts.push(askedAt);
        return undefined;
      });
      expect(grantedAts.length).toBeGreaterThanOrEqual(2);
      const begun = grantedAts.at(-2) ?? Number.NaN;
      const toldFor = refusedAt - begun + (states[0]?.waitMs ?? 0);
      await until(async () => (await quotas.charge('ada', [short])).isGranted);
      const waited = performance.now() - begun;
      // The clock of Redis is read in whole milliseconds.
      expect(waited).toBeGreaterThanOrEqual(299);
      expect(toldFor).toBeGreaterThanOrEqual(299);
    });

    it('never grants more within a window than the limit, whoever asks, and grants it again and again', async () => {
      const windowMs = 200;
      const limit = 20;
      const granted: { readonly sentAt: number; readonly doneAt: number }[] = [];
      const asking = async (asked: Quotas) => {
        while (granted.length < 4 * limit) {
          const sentAt = performance.now();
          const { isGranted } = await asked.charge('ada', [charge({ limit, windowMs })]);
          if (isGranted) granted.push({ sentAt, doneAt: performance.now() });
          else await turn();
        }
      };
      await Promise.all([asking(quotas), asking(await site.open()), asking(await site.open())]);
      const sentAts = granted.map(({ sentAt }) => sentAt);
      // Of those that surely happened within a window: sent after its start, answered before its end.
      for (const start of sentAts) {
        const within = granted.filter(({ sentAt, doneAt }) => sentAt >= start && doneAt <= start + windowMs - 1);
        expect(within.length).toBeLessThanOrEqual(limit);
      }
    });
  });
}
