import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '../../../gateway/app.ts';
import { gatewayConfig } from '../../../gateway/config.ts';
import { createLog } from '../../../service/logs.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { composeOrThrow, postQuery } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';

const IDS = ['1', '2', '3'];
const QUERY = '{ items { id name } }';
const answerOf = (kind: string) => ({ data: { items: IDS.map((id) => ({ id, name: `${kind} ${id}` })) } });
const CLIENTS = 2;
const RELOADS = 6;
/** No connection is closed for being idle: only because its graph has gone. */
const KEPT_MS = 300_000;

/** A subgraph that answers with the data that `answer` makes of the query. */
const answering =
  (answer: (query: string) => object): RequestListener =>
  async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: answer(query) }));
  };

describe('reloads under traffic', () => {
  let staying: RawServer;
  let moving: RawServer;
  let directory: string;
  let gateway: Gateway;
  const threads = new Set<Worker>();

  const countThread = (message: unknown) => {
    const { worker } = message as { worker: Worker };
    threads.add(worker);
    worker.once('exit', () => threads.delete(worker));
  };

  beforeAll(async () => {
    staying = await startRawServer(
      answering((query) => {
        const name = (id: string) => (query.includes('name') ? { name: `old ${id}` } : {});
        return { items: IDS.map((id) => ({ __typename: 'Item', id, ...name(id) })) };
      }),
      KEPT_MS,
    );
    moving = await startRawServer(
      answering(() => ({ _entities: IDS.map((id) => ({ name: `new ${id}` })) })),
      KEPT_MS,
    );
  });
  afterAll(async () => {
    await staying.close();
    await moving.close();
  });

  beforeEach(async () => {
    subscribe('worker_threads', countThread);
    directory = mkdtempSync(join(tmpdir(), 'tributary-reload-'));
    writeGraph('old');
    const supergraph = { source: 'file', file: join(directory, 'supergraph.graphql'), pollIntervalMs: 0 };
    const sharing = { calls: false, work: false, requests: false };
    const ports = { http: { port: 0 }, admin: { port: 0 } };
    gateway = await startGateway(gatewayConfig.parse({ ...ports, supergraph, sharing }), createLog('test', 'silent'));
  });
  afterEach(async () => {
    await gateway.close();
    rmSync(directory, { recursive: true });
    unsubscribe('worker_threads', countThread);
  });

  /** On the old graph the names come from where the items come from, on the new one from a subgraph that is not on the old. */
  function writeGraph(which: 'old' | 'new'): void {
    const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@override"])';
    const from = {
      name: 'staying',
      url: staying.url,
      sdl: `${link} type Query { items: [Item] } type Item @key(fields: "id") { id: ID! name: String }`,
    };
    const to = {
      name: 'moving',
      url: moving.url,
      sdl: `${link} type Item @key(fields: "id") { id: ID! name: String @override(from: "staying") }`,
    };
    writeFileSync(join(directory, 'supergraph.graphql'), composeOrThrow(which === 'old' ? [from] : [from, to]));
  }

  it('answer every request on one of the two graphs, and leave no thread and no connection behind', async () => {
    const answers = new Map<string, number>();
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        const { status, body } = await postQuery(`${gateway.url}/graphql`, QUERY);
        const answer = `${status} ${JSON.stringify(body)}`;
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const traffic = Promise.all(Array.from({ length: CLIENTS }, client));
    for (let count = 1; count <= RELOADS; count++) {
      writeGraph(count % 2 === 1 ? 'new' : 'old');
      expect(await gateway.reload()).toMatchObject({ outcome: 'changed' });
      // Not before somebody has been answered on this graph.
      const answer = `200 ${JSON.stringify(answerOf(count % 2 === 1 ? 'new' : 'old'))}`;
      const before = answers.get(answer) ?? 0;
      await until(() => (answers.get(answer) ?? 0) > before);
    }
    isOver = true;
    await traffic;
    const known = ['old', 'new'].map((kind) => `200 ${JSON.stringify(answerOf(kind))}`);
    expect([...answers.keys()].sort()).toEqual(known.sort());
    await until(() => threads.size === 1);
    await until(() => moving.connections() === 0);
    expect(staying.connections()).toBeLessThanOrEqual(CLIENTS);
  });
});
