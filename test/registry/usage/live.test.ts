import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { type OpenEdge, openEdge } from '../support/open-edge.ts';
import { GRAPH } from '../support/open-registry.ts';

describe('POST /live', () => {
  let database: TestDatabase;
  let registry: OpenEdge;
  let key: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    registry = await openEdge(database.url);
    key = await registry.key();
    await registry.publish('users', 'type Query { me: String }');
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const operation = { name: 'Home', hash: 'a', requests: 7, errors: 1, cached: 2, latency: [0, 7] };
  const toReport = (more: object = {}) => ({
    ...{ instance: randomUUID(), graph: GRAPH, variant: 'current', seconds: 5, operations: [operation], ...more },
  });
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${registry.url}/live`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers }, body },
    });
  const send = async (report: unknown, headers: Record<string, string> = {}) => {
    const response = await post(JSON.stringify(report), headers);
    const { error } = (await response.json()) as { error?: { code: string } };
    return [response.status, error?.code];
  };
  const requests = () =>
    registry.live.read(GRAPH, 'current', 1).operations.reduce((sum, { requests: count }) => sum + count, 0);

  it('adds up what gateways report, packed or not', async () => {
    const before = requests();
    expect(await send(toReport())).toEqual([200, undefined]);
    const packed = await post(new Uint8Array(gzipSync(JSON.stringify(toReport()))), { 'content-encoding': 'gzip' });
    expect(packed.status).toBe(200);
    expect(requests()).toBe(before + 14);
  });

  it('knows the variant of a gateway that does not say: by its key, or by its usage reports', async () => {
    const nameless = { graph: undefined, variant: undefined };
    const own = await registry.key({ variant: 'current' });
    expect(await send(toReport(nameless), { 'x-api-key': own })).toEqual([200, undefined]);
    expect(await send(toReport(nameless))).toEqual([400, 'BAD_REQUEST']);
    const instance = randomUUID();
    const usage = { id: randomUUID(), graph: GRAPH, variant: 'current', gateway: { instance, supergraph: null } };
    await fetch(`${registry.url}/usage`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': key } },
      body: JSON.stringify({ ...usage, operations: [], counts: [] }),
    });
    expect(await send(toReport({ ...nameless, instance }))).toEqual([200, undefined]);
  });

  it('is for keys that may report, of a variant that is there', async () => {
    const reader = await registry.key({ verbs: ['read'] });
    expect(await send(toReport(), { 'x-api-key': 'nobody' })).toEqual([401, 'KEY_INVALID']);
    expect(await send(toReport(), { 'x-api-key': reader })).toEqual([403, 'ACCESS_DENIED']);
    expect(await send(toReport({ variant: 'nope' }))).toEqual([404, 'VARIANT_UNKNOWN']);
  });

  it.each([
    ['no time', { seconds: 0 }],
    ['too many operations', { operations: Array.from({ length: 102 }, () => operation) }],
    ['too many buckets', { operations: [{ ...operation, latency: Array.from({ length: 43 }, () => 1) }] }],
    ['a negative count', { operations: [{ ...operation, requests: -1 }] }],
    ['no instance', { instance: '' }],
  ])('refuses a report with %s', async (_, more) => {
    expect(await send(toReport(more))).toEqual([400, 'BAD_REQUEST']);
  });
});
