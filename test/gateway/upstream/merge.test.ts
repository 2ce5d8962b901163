import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { merge } from '../../../gateway/upstream/merge.ts';
import type { Reply } from '../../../gateway/upstream/response-reader.ts';
import type { Send } from '../../../gateway/upstream/send.ts';
import { createUpstream, type Upstream } from '../../../gateway/upstream/upstream.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

describe('identical calls in flight', () => {
  let server: RawServer;
  let upstream: Upstream;
  let send: Send;
  let epoch: number;
  /** Calls that arrived and have no answer yet. */
  let held: ServerResponse[];

  beforeEach(async () => {
    held = [];
    epoch = 0;
    server = await startRawServer((request, response) => {
      request.resume().on('end', () => held.push(response));
    });
    upstream = createUpstream(
      'one',
      upstreamOptions({ urls: [server.url], timeoutMs: 500, responseLimitBytes: 1_000, connections: 10 }),
    );
    send = merge(upstream.send, { epoch: () => epoch });
  });
  afterEach(async () => {
    await server.close();
    await upstream.close();
  });

  const call = (headers: Record<string, string> = {}, signal?: AbortSignal, deadline?: number) =>
    send({
      ...{ method: 'POST', headers, body: '{}', isShareable: true },
      ...(signal !== undefined && { signal }),
      ...(deadline !== undefined && { deadline }),
    });
  const arrived = (count: number) => until(() => held.length >= count);
  const text = async (reply: Promise<Reply>) => (await reply).body.toString();

  it('are sent once, whoever traces them, and each caller gets the answer', async () => {
    const same = [call(), call(), call({ traceparent: '00-1-2-01' })];
    const other = call({ authorization: 'Bearer other' });
    await arrived(2);
    held[0]?.end('the same');
    held[1]?.end('the other');
    expect(await Promise.all(same.map(text))).toEqual(['the same', 'the same', 'the same']);
    expect(await text(other)).toBe('the other');
    expect(held).toHaveLength(2);
  });

  it('are sent again once the answer is there', async () => {
    const first = call();
    await arrived(1);
    held[0]?.end('first');
    await first;
    const second = call();
    await arrived(2);
    held[1]?.end('second');
    expect(await text(second)).toBe('second');
  });

  it('are not joined by who asks after a write that ended meanwhile', async () => {
    const before = call();
    epoch++;
    const after = call();
    await arrived(2);
    held[0]?.end('old');
    held[1]?.end('new');
    expect([await text(before), await text(after)]).toEqual(['old', 'new']);
  });

  it('go on for the others when one leaves, and end when all have left', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const leaving = call({}, one.signal);
    const staying = call({}, other.signal);
    await arrived(1);
    one.abort();
    await expect(leaving).rejects.toMatchObject({ fault: 'cancelled' });
    held[0]?.end('for who stayed');
    expect(await text(staying)).toBe('for who stayed');

    const alone = new AbortController();
    const last = call({}, alone.signal);
    await arrived(2);
    const ended = new Promise((resolve) => held[1]?.once('close', resolve));
    alone.abort();
    await expect(last).rejects.toMatchObject({ fault: 'cancelled' });
    await ended;
  });

  it('give those who joined late time of their own, together, when the time of the first is up', async () => {
    const first = call();
    const joined = [call(), call(), call()];
    await arrived(1);
    await expect(first).rejects.toMatchObject({ fault: 'timeout' });
    await arrived(2);
    held[1]?.end('in time');
    expect(await Promise.all(joined.map(text))).toEqual(['in time', 'in time', 'in time']);
    expect(held).toHaveLength(2);
  });

  it('say that time is up to who joined twice, and had less than the others', async () => {
    const first = call();
    const joined = call();
    await arrived(1);
    const hasty = call({}, undefined, performance.now() + 520);
    await expect(first).rejects.toMatchObject({ fault: 'timeout' });
    await arrived(2);
    await expect(hasty).rejects.toMatchObject({ fault: 'timeout' });
    held[1]?.end('in time');
    expect(await text(joined)).toBe('in time');
  });

  it('are waited for by none longer than its own time', async () => {
    const first = call();
    const hasty = call({}, undefined, performance.now() + 20);
    await arrived(1);
    await expect(hasty).rejects.toMatchObject({ fault: 'timeout' });
    held[0]?.end('for who has time');
    expect(await text(first)).toBe('for who has time');
  });

  it('are each sent when they may not be shared', async () => {
    const calls = [1, 2].map(() => send({ method: 'POST', headers: {}, body: '{}' }));
    await arrived(2);
    for (const response of held) response.end('own');
    await Promise.all(calls);
  });
});

it('lets a client read its own writes while older reads are in flight', async () => {
  const held: ServerResponse[] = [];
  let value = 0;
  const subgraph = await startRawServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (body.includes('mutation')) response.end(`{"data": {"write": ${++value}}}`);
      else held.push(response);
    });
  });
  const gateway = await startTestGateway([
    { name: 'one', url: subgraph.url, sdl: 'type Query { value: Int } type Mutation { write: Int }' },
  ]);
  const before = gateway.query('{ value }');
  await until(() => held.length === 1);
  await gateway.query('mutation { write }');
  const after = gateway.query('{ value }');
  await until(() => held.length === 2);
  held[1]?.end(`{"data": {"value": ${value}}}`);
  expect((await after).body).toEqual({ data: { value: 1 } });
  held[0]?.end('{"data": {"value": 0}}');
  expect((await before).body).toEqual({ data: { value: 0 } });
  await gateway.close();
  await subgraph.close();
});
