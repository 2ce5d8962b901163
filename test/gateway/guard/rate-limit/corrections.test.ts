import { expect, it } from '@jest/globals';
import { createCorrections } from '../../../../gateway/guard/rate-limit/corrections.ts';
import { type RateLimitEvent, rateLimitEvents } from '../../../../gateway/guard/rate-limit/rate-limit-events.ts';
import type { Correction } from '../../../../gateway/store/quotas.ts';
import { createMemoryQuotas } from '../../../../gateway/store/quotas-memory.ts';
import { StoreError } from '../../../../gateway/store/store.ts';
import { until } from '../../../support/until.ts';

const correction = (changes: Partial<Correction> = {}): Correction => ({
  ...{ owner: 'ada', key: 'points', windowMs: 60_000, tick: 1, delta: -1, ...changes },
});

/** Corrections, with what was sent of them, batch by batch, and what was told. */
function createWatched(fail = false) {
  const sent: (readonly Correction[])[] = [];
  const memory = createMemoryQuotas();
  const corrections = createCorrections({
    ...memory,
    correct: async (batch) => {
      sent.push(batch);
      if (fail) throw new StoreError('unavailable', 'as the test wants');
    },
  });
  return { sent, corrections };
}

it('sends what came in a while at once, by itself, and of each charge one sum', async () => {
  const { sent, corrections } = createWatched();
  for (let count = 0; count < 10; count++) corrections.add(correction());
  corrections.add(correction({ tick: 2, delta: 5 }));
  corrections.add(correction({ owner: 'bob', delta: 3 }));
  corrections.add(correction({ owner: 'bob', delta: -3 }));
  expect(sent).toEqual([]);
  await until(() => sent.length > 0);
  await corrections.close();
  expect(sent).toEqual([[correction({ delta: -10 }), correction({ tick: 2, delta: 5 })]]);
});

it('sends what waits when it is closed, in batches that do not keep the store for long', async () => {
  const { sent, corrections } = createWatched();
  for (let tick = 0; tick < 1_200; tick++) corrections.add(correction({ tick }));
  await corrections.close();
  expect(sent.map(({ length }) => length)).toEqual([500, 500, 200]);
});

it('loses what the store does not take, and what is too much, and says so', async () => {
  const told: RateLimitEvent[] = [];
  const listen = (event: unknown) => void told.push(event as RateLimitEvent);
  rateLimitEvents.subscribe(listen);
  const { sent, corrections } = createWatched(true);
  for (let tick = 0; tick < 10_001; tick++) corrections.add(correction({ tick }));
  expect(told).toEqual([{ kind: 'corrected', count: 1, isLost: true }]);
  await corrections.close();
  rateLimitEvents.unsubscribe(listen);
  expect(sent.length).toBe(20);
  expect(told.slice(1)).toEqual(Array(20).fill({ kind: 'corrected', count: 500, isLost: true }));
});
