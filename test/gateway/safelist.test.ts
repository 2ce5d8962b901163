import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../gateway/operation/apq.ts';
import { createLog, type Log } from '../../service/logs.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { createTestLog } from '../support/log-lines.ts';
import { type AnswerBody, startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const SDL = 'type Query { name: String secret(of: String): String }';
const KNOWN = 'query Name { name }';
const LAID_OUT = '# by hand\nquery Name {\n  name\n}';
const UNKNOWN = 'query Peek { secret(of: "4111 1111") }';
const ID = 'name-1';

describe('a safelist', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-safelist-'));
  const manifest = join(directory, 'manifest.json');
  let subgraph: ControlledSubgraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: SDL,
      resolvers: { Query: { name: () => 'Ada', secret: () => 'secret' } },
    });
  });
  afterEach(() => gateway.close());
  afterAll(async () => {
    await subgraph.close();
    rmSync(directory, { recursive: true });
  });

  function write(...operations: readonly object[]): void {
    const format = 'apollo-persisted-query-manifest';
    writeFileSync(manifest, JSON.stringify({ format, version: 1, operations }));
  }

  async function start(mode: string, log: Log = createLog('test', 'silent')): Promise<void> {
    gateway = await startTestGateway(
      [subgraph.schema],
      {
        GATEWAY_PERSISTED_SAFELIST_MODE: mode,
        GATEWAY_PERSISTED_SAFELIST_MANIFEST: manifest,
        GATEWAY_PERSISTED_SAFELIST_POLL_INTERVAL_MS: '10',
      },
      log,
    );
  }

  async function ask(body: object, headers: Record<string, string> = {}): Promise<readonly [number, unknown]> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const { data, errors } = (await response.json()) as AnswerBody;
    return [response.status, data ?? errors?.[0]?.extensions.code];
  }
  const byId = (sha256Hash: string, more: object = {}) => ({
    ...more,
    extensions: { persistedQuery: { version: 1, sha256Hash } },
  });

  const NAME = [200, { name: 'Ada' }];
  const SECRET = [200, { secret: 'secret' }];

  it('open: answers ids and any text', async () => {
    write({ id: ID, body: KNOWN });
    await start('open');
    expect(await ask(byId(ID))).toEqual(NAME);
    expect(await ask({ query: UNKNOWN })).toEqual(SECRET);
    // With automatic persisted queries beside it, the client is asked for the text.
    expect(await ask(byId('other'))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it('log-unknown: answers as well, and tells each unknown operation once, without the values in it', async () => {
    write({ id: ID, body: KNOWN });
    const { log, lines } = createTestLog('warn');
    await start('log-unknown', log);
    for (const query of [KNOWN, LAID_OUT]) expect(await ask({ query })).toEqual(NAME);
    for (let times = 0; times < 3; times++)
      expect(await ask({ query: UNKNOWN }, { 'apollographql-client-name': 'web' })).toEqual(SECRET);
    const told = lines.all.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.map(({ msg, query, clientName }) => ({ msg, query, clientName }))).toEqual([
      {
        msg: 'an operation is not in the manifest',
        query: 'query Peek {\n  secret(of: "")\n}',
        clientName: 'web',
      },
    ]);
  });

  it('only-known: answers ids and known texts however they are laid out, and refuses others before they reach a subgraph', async () => {
    write({ id: ID, body: KNOWN });
    await start('only-known');
    for (const body of [byId(ID), { query: KNOWN }, { query: LAID_OUT }]) expect(await ask(body)).toEqual(NAME);
    const before = subgraph.calls.length;
    for (const query of [UNKNOWN, '{ name }', 'query Name { name name }', '{ __schema { queryType { name } } }', '{'])
      expect(await ask({ query })).toEqual([403, 'QUERY_NOT_IN_SAFELIST']);
    expect(subgraph.calls.length).toBe(before);
  });

  it('only-known: lets no automatic persisted query past it', async () => {
    write({ id: ID, body: KNOWN });
    await start('only-known');
    expect(await ask(byId(hashOf(UNKNOWN), { query: UNKNOWN }))).toEqual([403, 'QUERY_NOT_IN_SAFELIST']);
    expect(await ask(byId(hashOf(UNKNOWN)))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
    expect(await ask(byId(hashOf(LAID_OUT), { query: LAID_OUT }))).toEqual(NAME);
    expect(await ask(byId(hashOf(LAID_OUT)))).toEqual(NAME);
    // What was known when it was kept is not known for ever.
    write({ id: 'other', body: UNKNOWN });
    await until(async () => typeof (await ask(byId('other')))[1] === 'object');
    expect(await ask(byId(hashOf(LAID_OUT)))).toEqual([403, 'QUERY_NOT_IN_SAFELIST']);
  });

  it('only-known-ids: answers ids, and no text, not even a known one', async () => {
    write({ id: ID, body: KNOWN });
    await start('only-known-ids');
    expect(await ask(byId(ID))).toEqual(NAME);
    expect(await ask({ query: KNOWN })).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED']);
    expect(await ask(byId(hashOf(KNOWN), { query: KNOWN }))).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED']);
    expect(await ask(byId('other'))).toEqual([404, 'PERSISTED_QUERY_NOT_IN_LIST']);
  });

  it('gives an operation of one client to no other, and says that answers depend on who asks', async () => {
    write({ id: ID, body: KNOWN, clientName: 'web' });
    await start('only-known-ids');
    expect(await ask(byId(ID))).toEqual([404, 'PERSISTED_QUERY_NOT_IN_LIST']);
    expect(await ask(byId(ID), { 'apollographql-client-name': 'web' })).toEqual(NAME);
    subgraph.control = 'max-age=60, public';
    const url = `${gateway.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(byId(ID).extensions))}`;
    const headers = { 'apollo-require-preflight': '1', 'apollographql-client-name': 'web' };
    const response = await fetch(url, { headers });
    subgraph.control = undefined;
    expect(response.headers.get('vary')).toContain('apollographql-client-name');
  });

  it('follows its manifest, plans what is new ahead, and keeps the last good one while the new one is broken', async () => {
    write({ id: ID, body: KNOWN });
    const { log, lines } = createTestLog('info');
    await start('only-known-ids', log);
    expect(JSON.parse(await lines.find(/planned ahead/))).toMatchObject({ warmed: 1, of: 1 });

    writeFileSync(manifest, '{ "format": ');
    expect(await lines.find(/the new manifest is not used, the last good one stays/)).toMatch(/is not valid JSON/);
    expect(await ask(byId(ID))).toEqual(NAME);

    write({ id: ID, body: KNOWN }, { id: 'secret-1', body: UNKNOWN });
    await lines.find(/"of":2.*planned ahead/);
    expect(await ask(byId('secret-1'))).toEqual(SECRET);

    write({ id: 'secret-1', body: UNKNOWN });
    await until(async () => (await ask(byId(ID)))[0] === 404);
  });

  it('does not start without the manifest that is to restrict it', async () => {
    write({ id: ID, body: KNOWN });
    await start('open');
    const wrong = (environment: Record<string, string>) => startTestGateway([subgraph.schema], environment);
    await expect(
      wrong({ GATEWAY_PERSISTED_SAFELIST_MODE: 'only-known', GATEWAY_PERSISTED_SAFELIST_MANIFEST: `${manifest}.no` }),
    ).rejects.toThrow(/manifest\.json\.no does not exist/);
    await expect(wrong({ GATEWAY_PERSISTED_SAFELIST_MODE: 'only-known' })).rejects.toThrow(
      /persisted\.safelist\.manifest: is needed: without a manifest no operation is known/,
    );
  });
});
