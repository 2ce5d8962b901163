import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { concealFaults } from '../../registry/app.ts';
import { createServer, listen } from '../../service/http-server.ts';
import { createLog } from '../../service/logs.ts';

describe('a route that fails', () => {
  const lines: string[] = [];
  const log = createLog('registry', 'warn', { write: (line) => lines.push(line) });
  const server = createServer({ log, bodyLimitBytes: 10 });
  let url: string;
  beforeAll(async () => {
    concealFaults(server, log);
    server.get('/fault', async () => {
      throw new Error('Failed query: select secret from registry.webhook');
    });
    server.get('/away', async () => {
      throw new Error('Failed query', { cause: Object.assign(new Error('10.0.0.1'), { code: 'ECONNREFUSED' }) });
    });
    server.post('/body', async () => ({}));
    url = await listen(server, { host: '127.0.0.1', port: 0, option: '' });
  });
  afterAll(() => server.close());

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, body: (await response.json()) as { error: { code: string; message: string } } };
  };

  it('by a fault of the registry tells an id, and the log has the rest under it', async () => {
    const { status, body } = await ask('/fault');
    expect({ status, code: body.error.code }).toEqual({ status: 500, code: 'INTERNAL_SERVER_ERROR' });
    expect(body.error.message).not.toContain('secret');
    const line = lines.find((each) => each.includes('select secret'));
    expect(line).toContain(/id ([\da-f-]{36})/.exec(body.error.message)?.[1]);
  });

  it('because the database is away says that, and nothing of where it is', async () => {
    const { status, body } = await ask('/away');
    expect({ status, code: body.error.code }).toEqual({ status: 503, code: 'DATABASE_UNAVAILABLE' });
    expect(JSON.stringify(body)).not.toContain('10.0.0.1');
  });

  it('by its request says why', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await ask('/body', { method: 'POST', headers, body: '{"a": "longer than ten"}' })).toMatchObject({
      status: 413,
      body: { error: { message: 'Request body is too large' } },
    });
  });
});
