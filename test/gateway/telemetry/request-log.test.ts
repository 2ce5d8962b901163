import { afterEach, describe, expect, it } from '@jest/globals';
import { type ControlledSubgraph, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

interface Line {
  readonly msg: string;
  readonly codes?: readonly string[];
  readonly operation?: string;
  readonly [field: string]: unknown;
}

describe('the log of requests', () => {
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;
  let lines: ReturnType<typeof createTestLog>['lines'];
  afterEach(async () => {
    await gateway.close();
    await subgraph.close();
  });

  async function start(environment: Record<string, string> = {}): Promise<void> {
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: 'type Query { name(of: String): String, other: String, hidden: String @authenticated, none: None } type None { hidden: String @authenticated }',
      resolvers: {
        Query: {
          name: () => 'one',
          none: () => null,
          other: () => {
            throw new Error('broken');
          },
        },
      },
    });
    const log = createTestLog();
    lines = log.lines;
    gateway = await startTestGateway([subgraph.schema], environment, log.log);
  }
  const requests = () =>
    lines.all.map((line) => JSON.parse(line) as Line).filter(({ msg }) => /^(slow )?request$/.test(msg));

  it('says of each who asked for what, and what came of it, and nothing that is anybody’s', async () => {
    await start();
    await gateway.query('query Named($of: String) { name(of: $of) }', {
      variables: { of: 'a secret value' },
      headers: {
        ...{ authorization: 'Bearer a-secret-token', cookie: 'session=secret' },
        ...{ 'apollographql-client-name': 'web', 'apollographql-client-version': '1.2' },
      },
    });
    await gateway.query('query Broken { other }');
    await gateway.query('{ nope }');
    await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    await lines.find(/BAD_REQUEST/);
    const [named, broken, invalid, malformed] = requests();
    expect(named).toMatchObject({
      ...{ level: 'info', protocol: 'graphql', operation: 'Named', type: 'query', status: 200, fetches: 1 },
      ...{ client: 'web', clientVersion: '1.2', subgraphs: { one: 1 }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ...{
        durationMs: expect.any(Number),
        bytes: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(named).not.toHaveProperty('codes');
    expect([broken?.operation, broken?.status, broken?.codes]).toEqual(['Broken', 200, ['SUBGRAPH_ERROR']]);
    expect(invalid).toMatchObject({ status: 400, codes: ['GRAPHQL_VALIDATION_FAILED'], fetches: 0 });
    expect(malformed).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
    expect(lines.all.join('\n')).not.toContain('secret');
  });

  it('has the code of what a caller may not have, also of an answer from the cache, and only where the answer has it', async () => {
    await start();
    subgraph.control = 'max-age=60, public';
    for (let time = 0; time < 2; time++) await gateway.query('query Hidden { name hidden }');
    await gateway.query('query HiddenAndBroken { other hidden }');
    await gateway.query('query Elsewhere { none { hidden } }');
    await lines.find(/Elsewhere/);
    expect(requests().map(({ operation, cache, codes }) => [operation, cache, codes])).toEqual([
      ['Hidden', 'miss', ['UNAUTHORIZED_FIELD_OR_TYPE']],
      ['Hidden', 'hit', ['UNAUTHORIZED_FIELD_OR_TYPE']],
      ['HiddenAndBroken', 'refused', ['SUBGRAPH_ERROR', 'UNAUTHORIZED_FIELD_OR_TYPE']],
      ['Elsewhere', 'miss', undefined],
    ]);
  });

  it('is of a share, but for what failed', async () => {
    await start({ GATEWAY_TELEMETRY_REQUEST_LOG_SAMPLE: '0' });
    for (let time = 0; time < 5; time++) await gateway.query('{ name }');
    await gateway.query('query Hidden { hidden }');
    await gateway.query('query Broken { other }');
    await lines.find(/Broken/);
    expect(requests().map(({ operation }) => operation)).toEqual(['Broken']);
  });

  it('has the plan of what was slow, with its calls', async () => {
    await start({ GATEWAY_TELEMETRY_REQUEST_LOG_SLOW_MS: '1', GATEWAY_TELEMETRY_REQUEST_LOG_SAMPLE: '0' });
    await gateway.query('query Slow { name(of: "hunter2") }');
    const { plan, msg } = JSON.parse(await lines.find(/slow request/)) as Line;
    expect([msg, plan]).toMatchObject([
      'slow request',
      {
        ...{ kind: 'fetch', subgraph: 'one' },
        calls: [
          { durationMs: expect.any(Number), tries: [{ address: expect.stringContaining('http'), outcome: 200 }] },
        ],
      },
    ]);
    expect(lines.all.join('\n')).not.toContain('hunter2');
  });
});
