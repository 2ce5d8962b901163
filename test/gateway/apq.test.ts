import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../gateway/operation/apq.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWithRedisServer } from '../support/servers.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const SDL = 'type Query { name(of: ID): String } type Mutation { rename: String }';
const TEXT = 'query Name($of: ID) { name(of: $of) }';

const persistedQuery = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: unknown;
  readonly code?: unknown;
  readonly message?: string | undefined;
}

async function told(response: Response): Promise<Told> {
  const { status, headers } = response;
  const text = await response.text();
  const { data, errors } = (text === '' ? {} : JSON.parse(text)) as {
    data?: unknown;
    errors?: readonly { message: string; extensions: { code: string } }[];
  };
  const [error] = errors ?? [];
  return { status, headers, data, code: error?.extensions.code, message: error?.message };
}

async function post(gateway: TestGateway, body: object): Promise<Told> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  return told(await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** In the order that clients of Apollo have, which `docs/guard.md` gives. */
function urlOf(gateway: TestGateway, hash: string, variables?: object): string {
  const query = new URLSearchParams({
    ...(variables && { variables: JSON.stringify(variables) }),
    extensions: JSON.stringify(persistedQuery(hash)),
  });
  return `${gateway.url}/graphql?${query}`;
}

const PREFLIGHT = { 'apollo-require-preflight': '1', accept: 'application/json' };

describe('automatic persisted queries', () => {
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: SDL,
      resolvers: { Query: { name: (_: unknown, { of }: { of?: string }) => `name of ${of}` } },
    });
    gateway = await startTestGateway([subgraph.schema]);
  });
  afterAll(() => Promise.all([gateway.close(), subgraph.close()]));

  it('asks for the text once, and answers the hash alone from then on', async () => {
    const alone = { extensions: persistedQuery(hashOf(TEXT)), variables: { of: '1' } };
    const answers = [
      await post(gateway, alone),
      await post(gateway, { ...alone, query: TEXT }),
      await post(gateway, alone),
    ];
    expect(answers.map(({ status, code, data }) => [status, code, data])).toEqual([
      [200, 'PERSISTED_QUERY_NOT_FOUND', undefined],
      [200, undefined, { name: 'name of 1' }],
      [200, undefined, { name: 'name of 1' }],
    ]);
    // Word by word what clients look for; and nobody between may keep it.
    expect([answers[0]?.message, answers[0]?.headers.get('cache-control')]).toEqual([
      'PersistedQueryNotFound',
      'no-store',
    ]);
  });

  it('does not keep what is not valid', async () => {
    const wrong = '{ nothing }';
    const extensions = persistedQuery(hashOf(wrong));
    expect((await post(gateway, { query: wrong, extensions })).code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await post(gateway, { extensions })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it.each([
    ['the hash of another text', { query: TEXT, extensions: persistedQuery(hashOf('{ a }')) }, /is not the SHA-256 of/],
    ['another version', { extensions: persistedQuery(hashOf(TEXT), 2) }, /must have the "version" 1/],
    ['no version', { query: TEXT, extensions: { persistedQuery: 'x' } }, /must have the "version" 1/],
    ['a hash that is no string', { query: TEXT, extensions: persistedQuery(7) }, /sha256Hash must be a string/],
    ['an empty hash', { query: TEXT, extensions: persistedQuery('') }, /sha256Hash must be a string/],
  ])('refuses %s', async (_, body, message) => {
    expect(await post(gateway, body)).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      message: expect.stringMatching(message),
    });
  });

  it('answers a GET by hash under a stable URL, for a cache between to keep and to ask for again', async () => {
    await post(gateway, { query: TEXT, extensions: persistedQuery(hashOf(TEXT)) });
    subgraph.control = 'max-age=60, public';
    const url = urlOf(gateway, hashOf(TEXT), { of: '2' });
    const first = await told(await fetch(url, { headers: PREFLIGHT }));
    expect([first.status, first.data]).toEqual([200, { name: 'name of 2' }]);
    expect(first.headers.get('cache-control')).toMatch(/^max-age=\d+, public$/);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { ...PREFLIGHT, 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    subgraph.control = undefined;
  });

  it('says of a GET by a hash that nobody has sent that nothing may keep it', async () => {
    const { status, code, headers } = await told(
      await fetch(urlOf(gateway, hashOf('{ unheard }')), { headers: PREFLIGHT }),
    );
    expect([status, code, headers.get('cache-control')]).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND', 'no-store']);
  });

  it('refuses a GET by hash that any web page could have sent, and a mutation', async () => {
    const mutation = 'mutation { rename }';
    await post(gateway, { query: mutation, extensions: persistedQuery(hashOf(mutation)) });
    const bare = await told(await fetch(urlOf(gateway, hashOf(TEXT)), { headers: { accept: 'application/json' } }));
    expect([bare.status, bare.code]).toEqual([400, 'CSRF_PREVENTED']);
    const writing = await told(await fetch(urlOf(gateway, hashOf(mutation)), { headers: PREFLIGHT }));
    expect([writing.status, writing.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('shows a browser that follows such a URL what it answers, not the explorer', async () => {
    const headers = { ...PREFLIGHT, accept: 'text/html,*/*' };
    const response = await fetch(urlOf(gateway, hashOf(TEXT)), { headers });
    expect(response.headers.get('content-type')).toContain('application/json');
  });

  it('can be turned off: clients are told to send the text', async () => {
    const plain = await startTestGateway([subgraph.schema], { GATEWAY_PERSISTED_APQ_IS_ENABLED: 'false' });
    const { status, code, message } = await post(plain, { extensions: persistedQuery(hashOf(TEXT)) });
    expect([status, code, message]).toEqual([200, 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported']);
    await plain.close();
  });
});

describeWithRedisServer('automatic persisted queries of two gateways', () => {
  let redis: RedisServer;
  let subgraph: ControlledSubgraph;
  let gateways: TestGateway[];
  beforeAll(async () => {
    redis = await startRedisServer();
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: SDL,
      resolvers: { Query: { name: () => 'Ada' } },
    });
    const start = () => startTestGateway([subgraph.schema], { REDIS_URL: redis.url, GATEWAY_CACHE_MODE: 'off' });
    gateways = await Promise.all([start(), start()]);
  });
  afterAll(() => Promise.all([...gateways.map((gateway) => gateway.close()), subgraph.close()]));

  it('are shared while Redis is there, and fail no request when it is away', async () => {
    const [one, other] = gateways;
    if (one === undefined || other === undefined) throw new Error('two gateways are needed');
    const alone = { extensions: persistedQuery(hashOf(TEXT)) };
    await post(one, { ...alone, query: TEXT });
    await until(async () => (await post(other, alone)).data !== undefined);

    await redis.close();
    const unheard = { extensions: persistedQuery(hashOf('{ name }')) };
    expect(await post(one, unheard)).toMatchObject({ status: 200, code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect((await post(one, { ...unheard, query: '{ name }' })).data).toEqual({ name: 'Ada' });
    expect((await post(one, unheard)).data).toEqual({ name: 'Ada' });
    expect((await post(other, alone)).data).toEqual({ name: 'Ada' });
  });
});
