import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileGraph, hostileOperation } from '../support/hostile-graph.ts';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

describe('a gateway that gets more new operations than it can plan', () => {
  let subgraph: RawServer;
  let gateway: TestGateway;
  /** One that gives a plan little time. */
  let hasty: TestGateway;
  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json').end('{"data": {"easy0": 1}}');
      });
    });
    gateway = await startTestGateway(hostileGraph(subgraph.url), { GATEWAY_PLANNING_QUEUE_LENGTH: '3' });
    hasty = await startTestGateway(hostileGraph(subgraph.url), {
      GATEWAY_PLANNING_TIMEOUT_MS: '700',
      // For an operation that takes far longer than that.
      ...{ GATEWAY_LIMITS_MAX_FIELDS: '10000', GATEWAY_LIMITS_MAX_ALIASES: '10000' },
    });
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), hasty.close()]);
    await subgraph.close();
  });

  it('refuses what exceeds the queue, says when to come again, and answers the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, number) => gateway.query(`query Q${number} { easy0 }`)),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(30);
    for (const { status, headers, body } of refused) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(body.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED' });
    }
    for (const { body } of answers.filter(({ status }) => status === 200)) expect(body).toEqual({ data: { easy0: 1 } });
  });

  it('refuses an operation that takes too long to plan, answering what is known meanwhile, and new ones after it', async () => {
    const isAnswered = async (query: string) => (await hasty.query(query)).status === 200;
    // On a busy machine the first plan of a new thread takes too long, too.
    await until(() => isAnswered('query Known { easy0 }'));
    let isRefused = false;
    const hostile = hasty.query(hostileOperation()).finally(() => {
      isRefused = true;
    });
    expect((await hasty.query('query Known { easy0 }')).body).toEqual({ data: { easy0: 1 } });
    expect(isRefused).toBe(false);
    const { status, body } = await hostile;
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      {
        message:
          'The operation exceeds the limit planning.timeoutMs: to validate or to plan it takes more than 700 ms.',
        extensions: { code: 'OPERATION_LIMIT_EXCEEDED', limit: 'planning.timeoutMs', bound: 700 },
      },
    ]);
    await until(() => isAnswered('query New { easy0 }'));
  });
});
