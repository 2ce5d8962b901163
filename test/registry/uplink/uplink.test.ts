import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { insertPersistedList, putPersistedOperations } from '../../../registry/storage/persisted-queries.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { type OpenEdge, openEdge } from '../support/open-edge.ts';
import { GRAPH } from '../support/open-registry.ts';
import { ROUTER_DOCUMENTS, STOCK_DOCUMENT } from './documents.ts';

describeOnEachPostgres('Uplink', (kind) => {
  let database: TestDatabase;
  let registry: OpenEdge;
  let key: string;
  let elapsed = 0;
  const { log, lines } = createTestLog('trace');

  beforeAll(async () => {
    database = await kind.create();
    registry = await openEdge(database.url, { log, elapsed: () => elapsed });
    key = await registry.key();
    await registry.publish('users', 'type Query { me: String }');
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const post = async (body: unknown) => {
    const response = await fetch(`${registry.url}/uplink`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  };
  interface Answer {
    readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly errors?: readonly { readonly message: string }[];
  }
  const current = () => registry.current.get(GRAPH, 'current');

  const asGateway = async (variables: Record<string, unknown> = {}) =>
    (
      await post({
        query: STOCK_DOCUMENT,
        variables: { apiKey: key, ref: `${GRAPH}@current`, ifAfterId: null, ...variables },
      })
    ).body.data?.routerConfig;
  const asRouter = async (operationName: keyof typeof ROUTER_DOCUMENTS, variables: Record<string, unknown> = {}) => {
    const { body } = await post({
      query: ROUTER_DOCUMENTS[operationName],
      operationName,
      variables: { apiKey: key, graph_ref: `${GRAPH}@current`, ifAfterId: null, ...variables },
    });
    return Object.values(body.data ?? {})[0];
  };

  it("gives Apollo's gateway the supergraph, and nothing when it has it", async () => {
    const { id, sdl } = current() ?? {};
    expect(await asGateway()).toEqual({ __typename: 'RouterConfigResult', id, supergraphSdl: sdl, minDelaySeconds: 1 });
    expect(await asGateway({ ifAfterId: id })).toEqual({ __typename: 'Unchanged' });
    expect(await asGateway({ ifAfterId: 'older' })).toMatchObject({ __typename: 'RouterConfigResult', id });
    expect(await asGateway({ ref: GRAPH })).toMatchObject({ id });
  });

  it('gives the router the supergraph, with a whole number of seconds also when nothing has changed', async () => {
    const { id, sdl } = current() ?? {};
    expect(await asRouter('SupergraphSdlQuery')).toEqual({
      ...{ __typename: 'RouterConfigResult', id, supergraphSdl: sdl, minDelaySeconds: 1 },
    });
    expect(await asRouter('SupergraphSdlQuery', { ifAfterId: id })).toEqual({
      ...{ __typename: 'Unchanged', id, minDelaySeconds: 1 },
    });
  });

  it('gives the router no licence, so that it runs with what is free', async () => {
    expect(await asRouter('LicenseQuery')).toEqual({
      ...{ __typename: 'RouterEntitlementsResult', id: 'none', minDelaySeconds: 60, entitlement: null },
    });
    expect(await asRouter('LicenseQuery', { ifAfterId: 'none' })).toEqual({
      ...{ __typename: 'Unchanged', id: 'none', minDelaySeconds: 60 },
    });
    expect(await asRouter('LicenseQuery', { apiKey: 'wrong' })).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  });

  it('gives the router no persisted queries where there is no list, and then those of the list, at an address of their own', async () => {
    expect(await asRouter('PersistedQueriesManifestQuery')).toEqual({
      ...{ __typename: 'PersistedQueriesResult', id: 'none', minDelaySeconds: 1, chunks: null },
    });
    const { query } = registry.database;
    const list = await insertPersistedList(query, {
      ...{ graphId: GRAPH, name: 'list', variants: ['current'], createdAt: new Date() },
    });
    const operation = { listId: list.id, name: 'Me', type: 'QUERY' as const, body: '{ me }', isActive: true };
    await putPersistedOperations(query, list.id, [
      { ...operation, id: 'one', clientName: '' },
      { ...operation, id: 'two', clientName: 'web' },
      { ...operation, id: 'gone', clientName: '', isActive: false },
    ]);
    elapsed += 6_000;
    const found = await until(async () => {
      const answer = (await asRouter('PersistedQueriesManifestQuery')) as {
        id: string;
        chunks: { urls: string[] }[] | null;
      };
      return answer.chunks !== null && answer;
    });
    expect(found.id).toMatch(/^pq:[\da-f]{64}$/);
    const url = found.chunks?.[0]?.urls[0] ?? '';
    const response = await fetch(url);
    expect(response.headers.get('cache-control')).toMatch(/immutable/);
    expect(await response.json()).toEqual({
      ...{ format: 'apollo-persisted-query-manifest', version: 1 },
      operations: [
        { id: 'one', name: 'Me', type: 'query', body: '{ me }' },
        { id: 'two', name: 'Me', type: 'query', body: '{ me }', clientName: 'web' },
      ],
    });
    expect(await asRouter('PersistedQueriesManifestQuery', { ifAfterId: found.id })).toMatchObject({
      __typename: 'Unchanged',
    });
    for (const other of [url.replace(/.$/, (last) => (last === '0' ? '1' : '0')), url.replace('/current/', '/other/')])
      expect((await fetch(other)).status).toBe(404);
  });

  it('serves a manifest that another process has named already', async () => {
    const other = await openEdge(database.url);
    try {
      const before = await asRouter('PersistedQueriesManifestQuery');
      const { query } = registry.database;
      const list = (await query.execute('select id from registry.persisted_query_list')).rows[0] as { id: string };
      await putPersistedOperations(query, list.id, [
        { listId: list.id, id: 'three', clientName: '', name: 'Me', type: 'QUERY', body: '{ me }', isActive: true },
      ]);
      const { body } = await post({
        ...{
          query: ROUTER_DOCUMENTS.PersistedQueriesManifestQuery,
          variables: { apiKey: key, graph_ref: `${GRAPH}@current` },
        },
      });
      expect(Object.values(body.data ?? {})[0]).toEqual(before);
      const asked = await fetch(`${other.url}/uplink`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: ROUTER_DOCUMENTS.PersistedQueriesManifestQuery,
          variables: { apiKey: key, graph_ref: `${GRAPH}@current` },
        }),
      });
      const named = (await asked.json()) as { data: { persistedQueries: { chunks: { urls: string[] }[] } } };
      elapsed += 1_500;
      const path = new URL(named.data.persistedQueries.chunks[0]?.urls[0] ?? '').pathname;
      const manifest = (await (await fetch(`${registry.url}${path}`)).json()) as { operations: unknown[] };
      expect(manifest.operations).toHaveLength(3);
    } finally {
      await other.close();
    }
  });

  it.each([
    ['a wrong key', { apiKey: 'wrong' }, 'AUTHENTICATION_FAILED'],
    ['an empty key', { apiKey: '' }, 'AUTHENTICATION_FAILED'],
    ['a graph that the key is not for', { ref: 'other@current' }, 'ACCESS_DENIED'],
    ['a variant that nobody has published to', { ref: `${GRAPH}@staging` }, 'RETRY_LATER'],
  ])('says to %s: %j → %s', async (_what, variables, code) => {
    expect(await asGateway(variables)).toMatchObject({ __typename: 'FetchError', code, message: expect.any(String) });
  });

  it('says to a key for all graphs that there is no such graph, and to one that only reports that it may not read', async () => {
    const all = await registry.key({ graphId: null });
    expect(await asGateway({ apiKey: all, ref: 'missing@current' })).toMatchObject({ code: 'UNKNOWN_REF' });
    const reporting = await registry.key({ verbs: ['report'] });
    expect(await asGateway({ apiKey: reporting })).toMatchObject({ code: 'ACCESS_DENIED' });
    const other = await registry.key({ variant: 'staging' });
    expect(await asGateway({ apiKey: other })).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('does not let a key go on that was revoked', async () => {
    const secret = await registry.key({ name: 'to revoke' });
    expect(await asGateway({ apiKey: secret })).toMatchObject({ __typename: 'RouterConfigResult' });
    const listed = (await registry.keys.list(GRAPH)).find(({ name }) => name === 'to revoke');
    await registry.keys.revoke(listed?.id ?? '', { ...(await registry.keys.identify(key)), verbs: ['admin'] } as never);
    expect(await asGateway({ apiKey: secret })).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  });

  it.each([
    ['no JSON', '{'],
    ['no query', '{}'],
    ['an unknown field', { query: '{ nonsense }' }],
    ['no GraphQL', { query: '{' }],
    ['no variables', { query: STOCK_DOCUMENT }],
    ['endless text', { query: `{ ${'__typename '.repeat(1_000)} }` }],
  ])('answers 400 to %s', async (_what, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('serves the supergraph by GET to who has a key, in a way that no cache can give it to another', async () => {
    const url = `${registry.url}/supergraph/${GRAPH}/current`;
    const response = await fetch(url, { headers: { 'x-api-key': key } });
    expect(await response.text()).toBe(current()?.sdl);
    const tag = response.headers.get('etag') ?? '';
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ etag: `"${current()?.id}"`, 'cache-control': 'no-cache', vary: 'x-api-key' },
    });
    for (const named of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await fetch(url, { headers: { 'x-api-key': key, 'if-none-match': named } });
      expect([again.status, again.headers.get('etag'), again.headers.get('vary')]).toEqual([304, tag, 'x-api-key']);
    }
    expect((await fetch(url, { headers: { 'x-api-key': key, 'if-none-match': '"other"' } })).status).toBe(200);
    const refusals = [
      { status: 401, headers: {}, path: url },
      { status: 401, headers: { 'x-api-key': 'wrong', 'if-none-match': tag }, path: url },
      { status: 403, headers: { 'x-api-key': key }, path: `${registry.url}/supergraph/other/current` },
      { status: 404, headers: { 'x-api-key': key }, path: `${registry.url}/supergraph/${GRAPH}/staging` },
    ];
    for (const { status, headers, path } of refusals) {
      const refused = await fetch(path, { headers: headers as Record<string, string> });
      expect([refused.status, refused.headers.get('cache-control'), refused.headers.get('vary')]).toEqual([
        ...[status, 'no-store', 'x-api-key'],
      ]);
    }
  });

  it('asks the database nothing for who asks again', async () => {
    // Else what is remembered of the key could run out meanwhile.
    registry.keys.forget();
    await asGateway();
    let questions = 0;
    const { query } = registry.database;
    const count =
      <Rest extends unknown[], Result>(work: (...rest: Rest) => Result) =>
      (...rest: Rest) => {
        questions++;
        return work(...rest);
      };
    const originals = { select: query.select, execute: query.execute };
    Object.assign(query, { select: count(query.select.bind(query)), execute: count(query.execute.bind(query)) });
    try {
      for (let index = 0; index < 50; index++) await asGateway({ ifAfterId: current()?.id });
      expect(questions).toBe(0);
    } finally {
      Object.assign(query, originals);
    }
  });

  it('logs no key', () => {
    expect(lines.all.join('\n')).not.toContain(key);
  });
});
