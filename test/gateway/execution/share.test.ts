import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';

/** A call that a subgraph received and has not answered. */
interface HeldCall {
  readonly body: string;
  readonly authorization: string | undefined;
  answer(json: unknown): void;
}

const SDL =
  'type Query { a: String second: Second echo(text: String): String } type Second @key(fields: "id") { id: ID! }';
const OTHER = 'type Second @key(fields: "id") { id: ID! b: String } type Mutation { write: String }';
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ';

describe('equal queries in flight', () => {
  let held: HeldCall[];
  let servers: RawServer[];
  let gateway: TestGateway;

  async function start(environment: Record<string, string> = {}): Promise<void> {
    gateway = await startTestGateway(
      [
        { name: 'one', url: servers[0]?.url ?? '', sdl: LINK + SDL },
        { name: 'two', url: servers[1]?.url ?? '', sdl: LINK + OTHER },
      ],
      // The cache has flights of its own, and one option of its own.
      { GATEWAY_CACHE_MODE: 'off', ...environment },
    );
  }

  beforeEach(async () => {
    held = [];
    const hold = (request: Parameters<Parameters<typeof startRawServer>[0]>[0], response: ServerResponse) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () =>
        held.push({
          body,
          authorization: request.headers.authorization,
          answer: (json) => response.setHeader('content-type', 'application/json').end(JSON.stringify(json)),
        }),
      );
    };
    servers = [await startRawServer(hold), await startRawServer(hold)];
  });
  afterEach(async () => {
    await gateway.close();
    for (const server of servers) await server.close();
  });

  const QUERY = '{ second { id b } }';
  const arrived = (count: number) => until(() => held.length >= count);
  const first = { data: { second: { __typename: 'Second', id: '1' } } };
  const second = (b: string) => ({ data: { _entities: [{ b }] } });
  const answered = (b: string) => ({ data: { second: { id: '1', b } } });

  it('share one execution to its end, also when they come after its first reply', async () => {
    await start();
    const early = gateway.query(QUERY);
    await arrived(1);
    held[0]?.answer(first);
    await arrived(2);
    const late = gateway.query(QUERY);
    // An unequal one, sent afterwards, shows that the late one has been seen.
    const unequal = gateway.query('{ a }');
    await arrived(3);
    held[1]?.answer(second('x'));
    held[2]?.answer({ data: { a: 'a' } });
    expect([(await early).body, (await late).body]).toEqual([answered('x'), answered('x')]);
    expect((await unequal).body).toEqual({ data: { a: 'a' } });
    expect(held).toHaveLength(3);
  });

  it('are waited for by none longer than its own time: what is not there by then is an error of its field', async () => {
    await start();
    const patient = gateway.query('{ a }');
    await arrived(1);
    const hasty = await gateway.query('{ a }', { headers: { 'x-timeout-ms': '1100' } });
    expect(hasty.body).toMatchObject({ data: { a: null }, errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }] });
    held[0]?.answer({ data: { a: 'a' } });
    expect((await patient).body).toEqual({ data: { a: 'a' } });
    expect(held).toHaveLength(1);
  });

  it('with requests apart share until the first reply and not longer', async () => {
    await start({ GATEWAY_SHARING_REQUESTS: 'false' });
    const early = [gateway.query(QUERY), gateway.query(QUERY)];
    await gateway.query('{ __typename }');
    await arrived(1);
    held[0]?.answer(first);
    await arrived(2);
    const late = gateway.query(QUERY);
    await arrived(3);
    held[2]?.answer(first);
    // The late one's second call is the same as the one in flight: it joins that.
    held[1]?.answer(second('x'));
    await until(() => held.length === 3 || held.length === 4);
    held[3]?.answer(second('x'));
    expect(await Promise.all([...early, late].map(async (answer) => (await answer).body))).toEqual([
      answered('x'),
      answered('x'),
      answered('x'),
    ]);
    expect(held.filter(({ body }) => body.includes('second{'))).toHaveLength(2);
  });

  it('with nothing shared have calls of their own', async () => {
    await start({ GATEWAY_SHARING_REQUESTS: 'false', GATEWAY_SHARING_WORK: 'false', GATEWAY_SHARING_CALLS: 'false' });
    const answers = [gateway.query('{ a }'), gateway.query('{ a }')];
    await arrived(2);
    held[0]?.answer({ data: { a: 'one' } });
    held[1]?.answer({ data: { a: 'two' } });
    expect((await Promise.all(answers)).map(({ body }) => body.data?.a).sort()).toEqual(['one', 'two']);
  });

  it('are not equal with other identities or other variables', async () => {
    await start();
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const echo = 'query ($text: String) { echo(text: $text) }';
    const answers = [
      gateway.query('{ a }', bearer('x')),
      gateway.query('{ a }', bearer('y')),
      gateway.query(echo, { variables: { text: '1' } }),
      gateway.query(echo, { variables: { text: '2' } }),
      gateway.query(echo),
    ];
    await arrived(5);
    for (const { body, authorization, answer } of held) {
      const { variables } = JSON.parse(body) as { variables: { text?: string } };
      answer({ data: body.includes('echo') ? { echo: variables.text ?? 'none' } : { a: authorization } });
    }
    expect((await Promise.all(answers)).map(({ body }) => body.data)).toEqual([
      { a: 'Bearer x' },
      { a: 'Bearer y' },
      { echo: '1' },
      { echo: '2' },
      { echo: 'none' },
    ]);
  });

  it('do not join what began before a write ended, whatever came of the write', async () => {
    await start();
    const before = gateway.query('{ a }');
    await arrived(1);
    const writing = gateway.query('mutation { write }');
    await arrived(2);
    held[1]?.answer({ errors: [{ message: 'the write failed, or not' }] });
    await writing;
    const after = gateway.query('{ a }');
    await arrived(3);
    held[2]?.answer({ data: { a: 'new' } });
    expect((await after).body).toEqual({ data: { a: 'new' } });
    held[0]?.answer({ data: { a: 'old' } });
    expect((await before).body).toEqual({ data: { a: 'old' } });
  });

  it('never share a mutation', async () => {
    await start();
    const writes = [gateway.query('mutation { write }'), gateway.query('mutation { write }')];
    await arrived(2);
    for (const { answer } of held) answer({ data: { write: 'done' } });
    expect((await Promise.all(writes)).map(({ body }) => body)).toEqual([
      { data: { write: 'done' } },
      { data: { write: 'done' } },
    ]);
  });

  it('go on for who stays when the first leaves', async () => {
    await start();
    const leaving = new AbortController();
    const gone = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ a }' }),
      signal: leaving.signal,
    }).catch(() => 'gone');
    await arrived(1);
    const staying = gateway.query('{ a }');
    const unequal = gateway.query('{ second { id } }');
    await arrived(2);
    leaving.abort();
    expect(await gone).toBe('gone');
    held[0]?.answer({ data: { a: 'a' } });
    held[1]?.answer(first);
    expect((await staying).body).toEqual({ data: { a: 'a' } });
    expect((await unequal).body).toEqual({ data: { second: { id: '1' } } });
  });

  it('ask again, with full time, when the time of the one they joined was up', async () => {
    await start({ GATEWAY_UPSTREAM_DEFAULTS_TIMEOUT_MS: '3000' });
    const early = gateway.query('{ a }');
    await arrived(1);
    const late = gateway.query('{ a }');
    expect((await early).body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_TIMEOUT');
    await arrived(2);
    held[1]?.answer({ data: { a: 'in time' } });
    expect((await late).body).toEqual({ data: { a: 'in time' } });
  });
});
