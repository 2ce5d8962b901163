import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signExplain } from '../../gateway/guard/may-explain.ts';
import type { RunningSubgraphs } from '../../subgraphs/start-all.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { createTestDatabase, type TestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';

const KEY = 'a key of sixteen characters';
const LESSON = '{ me { name email orders { id total } } }';

/** What differs from run to run is the same here: times, addresses, what is made of the graph. */
function toSame(name: string, value: unknown): unknown {
  if (/Ms$|^(age|ttl|bytes)$/.test(name) && typeof value === 'number') return 0;
  if (name === 'stepsMs') return Object.fromEntries(Object.keys(value as object).map((step) => [step, 0]));
  if (/^(key|supergraph|requestId)$/.test(name)) return '…';
  if (name === 'address') return String(value).replace(/\/\/[^/]+/, '//…');
  return value;
}

const normalise = (value: unknown) => JSON.parse(JSON.stringify(value), (name, one) => toSame(name, one));

describe('the explanation of the lesson’s query', () => {
  let database: TestDatabase;
  let system: RunningSubgraphs;
  let gateway: TestGateway;

  beforeAll(async () => {
    database = await createTestDatabase();
    system = await startTestSystem(database.url);
    gateway = await startGatewayOver(system, { GATEWAY_EXPLAIN_KEY: KEY });
  }, 60_000);
  afterAll(async () => {
    await gateway.close();
    await system.close();
    await database.close();
  });

  it('is as docs/explain.md shows it, cold and warm', async () => {
    const [cold, warm] = [...readFileSync('docs/explain.md', 'utf8').matchAll(/```json\n(\{[\s\S]*?)```/g)].map(
      ([, block = '']) => normalise(JSON.parse(block)),
    );
    const ada = await logIn(gateway, 'ada@example.com');
    const ask = async () => {
      const headers = { ...ada, 'x-explain': signExplain(KEY, Math.floor(Date.now() / 1_000) + 60) };
      const { body } = await gateway.query(LESSON, { headers });
      return normalise((body.extensions as { explain: unknown }).explain);
    };
    expect(await ask()).toEqual(cold);
    expect(await ask()).toEqual(warm);
  });
});
