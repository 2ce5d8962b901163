import { expect, it } from '@jest/globals';
import { createUpstream } from '../../../gateway/upstream/upstream.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

it.each([{ 'x-tenant': 'a\nb' }, { 'transfer-encoding': 'chunked' }])(
  'refuses a call that cannot be written, %j, and sends the next one',
  async (headers) => {
    const server = await startRawServer((_request, response) => response.end('an answer'));
    const options = upstreamOptions({ urls: [server.url], connections: 1 });
    const upstream = createUpstream('one', options);
    const call = { method: 'POST', body: '' } as const;
    await expect(upstream.send({ ...call, headers })).rejects.toMatchObject({
      name: 'UpstreamError',
      fault: 'unsendable',
      message: expect.stringContaining(Object.keys(headers)[0] ?? ''),
    });
    expect((await upstream.send({ ...call, headers: {} })).body.toString()).toBe('an answer');
    await upstream.close();
    await server.close();
  },
);

it('sends a server that fails at everything no more than its budget on top', async () => {
  let calls = 0;
  const server = await startRawServer((_request, response) => {
    calls++;
    response.writeHead(503).end();
  });
  const defaults = upstreamOptions({ urls: [server.url] });
  const upstream = createUpstream('one', {
    ...defaults,
    retry: { ...defaults.retry, budget: 0.2, delayMs: 1, maxDelayMs: 1 },
    breaker: { ...defaults.breaker, failures: 1_000_000 },
  });
  const call = { method: 'POST', headers: {}, body: '', isShareable: true } as const;
  for (let count = 0; count < 500; count++) expect((await upstream.send(call)).status).toBe(503);
  // Ten are there at first.
  expect(calls).toBeLessThanOrEqual(500 * 1.2 + 10);
  expect(calls).toBeGreaterThan(500 * 1.1);
  await upstream.close();
  await server.close();
});

it('sends nearly everything to the one of two that answers sooner', async () => {
  const counts = [0, 0];
  const servers = await Promise.all(
    [0, 200].map((delayMs, index) =>
      startRawServer((_request, response) => {
        counts[index] = (counts[index] ?? 0) + 1;
        setTimeout(() => response.end('an answer'), delayMs);
      }),
    ),
  );
  const upstream = createUpstream('one', upstreamOptions({ urls: servers.map(({ url }) => url) }));
  const call = { method: 'POST', headers: {}, body: '', isShareable: true } as const;
  for (let count = 0; count < 300; count++) await upstream.send(call);
  expect(counts[1]).toBeLessThan(30);
  expect(upstream.look().map(({ weight, breaker, inFlight }) => ({ weight, breaker, inFlight }))).toEqual(
    Array(2).fill({ weight: 1, breaker: 'closed', inFlight: 0 }),
  );
  await upstream.close();
  await Promise.all(servers.map((server) => server.close()));
});

it('tells servers how much time is left, and takes turns where that is said', async () => {
  const seen: number[] = [];
  const servers = await Promise.all(
    [0, 1].map((index) =>
      startRawServer((request, response) => {
        seen.push(index);
        response.end(String(request.headers['x-timeout-ms']));
      }),
    ),
  );
  const defaults = upstreamOptions({ urls: servers.map(({ url }) => url), timeoutMs: 9_000 });
  const upstream = createUpstream('one', { ...defaults, balance: { ...defaults.balance, policy: 'round-robin' } });
  const call = { method: 'POST', headers: {}, body: '' } as const;
  const left: number[] = [];
  for (let count = 0; count < 6; count++) left.push(Number((await upstream.send(call)).body));
  left.push(Number((await upstream.send({ ...call, deadline: performance.now() + 3_000 })).body));
  expect(left.slice(0, 6).every((ms) => ms > 3_000 && ms <= 9_000)).toBe(true);
  expect(left[6]).toBeLessThanOrEqual(3_000);
  expect(seen).toEqual([0, 1, 0, 1, 0, 1, 0]);
  await upstream.close();
  await Promise.all(servers.map((server) => server.close()));
});
