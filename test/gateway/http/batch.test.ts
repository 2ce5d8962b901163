import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ControlledSubgraph, shutGate, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';

describe('a batch', () => {
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: 'type Query { echo(text: String): String }',
      resolvers: { Query: { echo: (_: unknown, { text }: { text?: string }) => text } },
    });
    gateway = await startTestGateway([subgraph.schema], {
      GATEWAY_HTTP_MAX_BATCH_LENGTH: '3',
      GATEWAY_HTTP_MAX_CONCURRENT_REQUESTS: '2',
    });
  });
  afterAll(() => Promise.all([gateway.close(), subgraph.close()]));

  async function send(body: unknown) {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  }
  const echo = (text: string) => ({ query: '{ echo(text: "T") }'.replace('T', text) });
  const coded = (code: string) => ({ errors: [expect.objectContaining({ extensions: { code } })] });

  it('is answered in its order, all of it at the same time', async () => {
    subgraph.control = 'max-age=60, public';
    const gate = shutGate(subgraph);
    const before = subgraph.calls.length;
    const sent = send([echo('a'), echo('b')]);
    await until(() => subgraph.calls.length === before + 2);
    gate.open();
    subgraph.gate = undefined;
    const { status, headers, body } = await sent;
    expect([status, body]).toEqual([200, [{ data: { echo: 'a' } }, { data: { echo: 'b' } }]]);
    expect([headers.get('cache-control'), headers.get('content-type')]).toEqual([
      'no-store',
      'application/graphql-response+json; charset=utf-8',
    ]);
    subgraph.control = undefined;
  });

  it('of one is an array of one', async () => {
    expect((await send([echo('a')])).body).toEqual([{ data: { echo: 'a' } }]);
  });

  it('tells what is wrong with each at its place, with the highest status', async () => {
    const answered = { data: { echo: 'a' } };
    const invalid = await send([echo('a'), { query: '{ nothing }' }]);
    expect([invalid.status, invalid.body]).toEqual([400, [answered, coded('GRAPHQL_VALIDATION_FAILED')]]);
    const malformed = await send([{ query: 7 }, echo('a')]);
    expect([malformed.status, malformed.body]).toEqual([400, [coded('BAD_REQUEST'), answered]]);
    const nested = await send([[echo('a')]]);
    expect([nested.status, nested.body]).toEqual([400, [coded('BAD_REQUEST')]]);
  });

  it('counts each of its requests: one too many at the same time is refused, and says when to come again', async () => {
    const gate = shutGate(subgraph);
    const before = subgraph.calls.length;
    const sent = send([echo('c'), echo('d'), echo('e')]);
    await until(() => subgraph.calls.length === before + 2);
    gate.open();
    subgraph.gate = undefined;
    const { status, headers, body } = await sent;
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    expect(body).toEqual([
      { data: { echo: 'c' } },
      { data: { echo: 'd' } },
      {
        errors: [
          {
            message:
              'More requests of this client are under way than http.maxConcurrentRequests: 3, allowed are 2. Wait for answers before asking for more.',
            extensions: {
              code: 'TOO_MANY_CONCURRENT_REQUESTS',
              limit: 'http.maxConcurrentRequests',
              value: 3,
              bound: 2,
            },
          },
        ],
      },
    ]);
    expect((await send([echo('c'), echo('d')])).status).toBe(200);
  });

  it('is refused whole when it has none or too many', async () => {
    expect(await send([])).toMatchObject({ status: 400, body: coded('BAD_REQUEST') });
    const { status, body } = await send(['a', 'b', 'c', 'd'].map(echo));
    expect([status, body]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The batch exceeds the limit http.maxBatchLength: 4, allowed are 3. Send several.',
            extensions: { code: 'BAD_REQUEST', limit: 'http.maxBatchLength', value: 4, bound: 3 },
          },
        ],
      },
    ]);
  });
});
