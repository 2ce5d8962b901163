import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { hostileGraph, hostileOperation } from '../../support/hostile-graph.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { type Answer, startTestGateway } from '../../support/test-gateway.ts';
import { ATTACKS } from './attacks.ts';

/** The only planner thread is busy all the while: who has an answer has not waited for it to validate or to plan. */
describe('an attack, while no planner is free', () => {
  const stack = new ClosingStack();
  const answers = new Map<string, Answer>();
  let large: Answer;
  let cyclic: Answer;
  const calls: string[] = [];
  let wasPlannerFree = false;
  beforeAll(async () => {
    const subgraph = stack.add(
      'subgraph',
      await startRawServer(async (request, response) => {
        calls.push(await text(request));
        response.setHeader('content-type', 'application/json').end('{"data":{"t":null}}');
      }),
    );
    const gateway = stack.add('gateway', await startTestGateway(hostileGraph(subgraph.url)));
    let isPlannerFree = false;
    const free = gateway.query(hostileOperation(5)).then(() => {
      isPlannerFree = true;
    });
    for (const { name, query, variables } of ATTACKS)
      answers.set(name, await gateway.query(query, variables && { variables }));
    large = await gateway.query('{ easy0 }', { variables: { text: 'x'.repeat(10_000_000) } });
    wasPlannerFree = isPlannerFree;
    await free;
    cyclic = await gateway.query('{ ...F } fragment F on Query { easy0 ...G } fragment G on Query { ...F }');
  });
  afterAll(() => stack.close());

  it('is answered without a planner and without a subgraph', () => {
    expect(wasPlannerFree).toBe(false);
    expect(calls.filter((call) => call.includes('easy0'))).toEqual([]);
  });

  it.each(ATTACKS)('by $name is refused by $limit', ({ name, limit, value, bound }) => {
    const found = value === undefined ? `more than ${bound}` : value;
    const message = `The operation exceeds the limit ${limit}: ${found}, allowed are ${bound}.`;
    const extensions = { code: 'OPERATION_LIMIT_EXCEEDED', limit, bound, ...(value !== undefined && { value }) };
    expect(answers.get(name)).toMatchObject({ status: 400, body: { errors: [{ message, extensions }] } });
  });

  it('by a cycle of fragments is refused by validation', () => {
    const message = 'Cannot spread fragment "F" within itself via "G".';
    expect(cyclic).toMatchObject({ status: 400, body: { errors: [{ message }] } });
    expect(calls.filter((call) => call.includes('easy0'))).toEqual([]);
  });

  it('by 10 MB of variables is refused by the limit of the body', () => {
    const extensions = { code: 'BODY_TOO_LARGE', limit: 'http.bodyLimitBytes', bound: 1_000_000 };
    const message = expect.stringContaining('1000000 bytes') as unknown;
    expect(large).toMatchObject({ status: 413, body: { errors: [{ message, extensions }] } });
  });
});
