import { expect, it } from '@jest/globals';
import { createKnownQuotas } from '../../../../gateway/guard/rate-limit/known-quotas.ts';
import { charge, createWorld, isGranted } from './world.ts';

it('knows no more than fits into its bytes, whatever clients call themselves', () => {
  const find = createKnownQuotas(1_000_000);
  for (let client = 0; client < 20_000; client++) find(`${client}${'x'.repeat(client % 2_000)}`, 'requests');
  expect(find.bytes()).toBeLessThanOrEqual(1_000_000);
  const last = find('last', 'requests');
  last.left = 7;
  expect(find('last', 'requests')).toBe(last);
});

it('asks the store again for what it has forgotten, so that a flood of addresses frees nobody', async () => {
  const world = createWorld();
  const limiter = world.open({ all: { limit: 3, windowS: 3_600 } });
  for (let count = 0; count < 3; count++) await charge(limiter);
  for (let address = 0; address < 70_000; address++) await charge(limiter, { address: `2001:db8:0:${address}::/64` });
  const before = world.calls.charge;
  expect(await isGranted(limiter)).toBe(false);
  expect(world.calls.charge).toBe(before + 1);
});
