import { expect, it } from '@jest/globals';
import { createUpstream } from '../../../gateway/upstream/upstream.ts';
import { startRawServer } from '../../support/raw-server.ts';

it.each([{ 'x-tenant': 'a\nb' }, { 'transfer-encoding': 'chunked' }])(
  'refuses a call that cannot be written, %j, and sends the next one',
  async (headers) => {
    const server = await startRawServer((_request, response) => response.end('an answer'));
    const options = { urls: [server.url], timeoutMs: 5_000, responseLimitBytes: 1_000, connections: 1 };
    const upstream = createUpstream('one', options);
    const call = { method: 'POST', body: '' } as const;
    await expect(upstream.send({ ...call, headers })).rejects.toMatchObject({
      name: 'UpstreamError',
      fault: 'unreachable',
      message: expect.stringContaining(Object.keys(headers)[0] ?? ''),
    });
    expect((await upstream.send({ ...call, headers: {} })).body.toString()).toBe('an answer');
    await upstream.close();
    await server.close();
  },
);
