import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../../service/run.ts';
import { type ControlledSubgraph, shutGate } from '../../../support/controlled-subgraph.ts';
import type { TestGateway } from '../../../support/test-gateway.ts';
import { until } from '../../../support/until.ts';
import { leftAfter, openLimited, startSubgraph } from './whole.ts';

/** A window so long that nothing comes back while a test runs. */
const POINTS = { all: { client: ['ip'], rules: { points: { limit: 1_000, windowS: 31_536_000, unit: 'cost' } } } };
/** Is estimated at 12 points: the query, its field, and ten items. There are two. */
const ITEMS = '{ items { name } }';

let stack: ClosingStack;
let subgraph: ControlledSubgraph;
beforeEach(async () => {
  stack = new ClosingStack();
  subgraph = stack.add('subgraph', await startSubgraph());
});
afterEach(() => stack.close());

const open = (environment: Record<string, string> = {}) => openLimited(stack, subgraph, POINTS, environment);

/** Until so much is spent, besides 1 for each time that this is asked. */
async function untilSpent(gateway: TestGateway, points: number): Promise<void> {
  let asked = 0;
  await until(async () => {
    asked++;
    return 1_000 - (await leftAfter(gateway, '{ hello }')) - asked === points;
  });
}

describe('a budget in cost points', () => {
  it('has back what was charged for an operation that is refused when it is planned', async () => {
    const gateway = await open({ GATEWAY_COST_MODE: 'enforce', GATEWAY_COST_SUBGRAPH_ONE_MAX_COST: '5' });
    const { body } = await gateway.query(ITEMS);
    expect(body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE');
    await untilSpent(gateway, 0);
    expect(subgraph.calls.every(({ query }) => query.includes('hello'))).toBe(true);
  });

  // In these two another one that is settled later shows that what would have been given back before was not.

  it('stays charged with the estimate where a subgraph takes too long', async () => {
    const gateway = await open({ GATEWAY_UPSTREAM_DEFAULTS_TIMEOUT_MS: '3000' });
    const gate = shutGate(subgraph);
    const { body } = await gateway.query(ITEMS);
    expect(body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_TIMEOUT');
    gate.open();
    subgraph.gate = undefined;
    await gateway.query(ITEMS);
    await untilSpent(gateway, 12 + 4);
  });

  it('stays charged with the estimate where the client does not wait for the answer', async () => {
    const gateway = await open();
    const gate = shutGate(subgraph);
    const leaving = new AbortController();
    const body = JSON.stringify({ query: ITEMS });
    const headers = { 'content-type': 'application/json' };
    const asking = fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal: leaving.signal });
    await until(() => subgraph.calls.length === 1);
    leaving.abort();
    await expect(asking).rejects.toThrow('aborted');
    await until(() => subgraph.calls[0]?.isLeft);
    gate.open();
    subgraph.gate = undefined;
    // Another one: it cannot join the first.
    await gateway.query('{ items { name } hello }');
    await untilSpent(gateway, 12 + 4);
  });
});
