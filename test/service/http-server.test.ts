import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createServer, listen } from '../../service/http-server.ts';
import { createLog } from '../../service/logs.ts';
import { until } from '../support/until.ts';

const log = createLog('test', 'silent');

describe('the HTTP server', () => {
  it('closes although a connection was opened that never sent a request', async () => {
    const app = createServer({ log });
    const url = new URL(await listen(app, { host: '127.0.0.1', port: 0, option: 'PORT' }));
    const accepted = once(app.server, 'connection');
    const socket = connect(Number(url.port), url.hostname);
    await accepted;
    const ended = once(socket, 'close');
    await app.close();
    await ended;
  });

  it('closes although half of a request was sent', async () => {
    const app = createServer({ log });
    app.post('/', async () => 'done');
    const url = new URL(await listen(app, { host: '127.0.0.1', port: 0, option: 'PORT' }));
    const received = once(app.server, 'request');
    const socket = connect(Number(url.port), url.hostname);
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    await received;
    const ended = once(socket, 'close');
    await app.close();
    await ended;
  });

  it('gives a request half a minute to arrive', async () => {
    const app = createServer({ log });
    expect(app.server.requestTimeout).toBe(30_000);
    await app.close();
  });

  it('answers the request in hand before it closes', async () => {
    const app = createServer({ log });
    let arrive: () => void = () => undefined;
    let answer: (text: string) => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    app.post('/slow', () => {
      arrive();
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const url = await listen(app, { host: '127.0.0.1', port: 0, option: 'PORT' });
    const response = fetch(`${url}/slow`, { method: 'POST', body: 'all of it' });
    await arrived;
    const closed = app.close();
    answer('done');
    expect(await (await response).text()).toBe('done');
    await closed;
  });

  it('does not wait for the connection of a request that it answers when it has stopped listening', async () => {
    const app = createServer({ log });
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    app.get('/slow', () => answer);
    const url = await listen(app, { host: '127.0.0.1', port: 0, option: 'PORT' });
    const arrived = once(app.server, 'request');
    const response = fetch(`${url}/slow`);
    await arrived;
    const closed = app.close();
    await until(() => !app.server.listening);
    resolve('done');
    expect(await (await response).text()).toBe('done');
    await closed;
  });

  it('says which port is taken, and by what option to choose another', async () => {
    const first = createServer({ log });
    const port = Number(new URL(await listen(first, { host: '127.0.0.1', port: 0, option: 'PORT' })).port);
    const second = createServer({ log });
    await expect(listen(second, { host: '127.0.0.1', port, option: 'ORDERS_HTTP_PORT' })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken. Choose another with ORDERS_HTTP_PORT (0 for any free one).`,
    );
    await Promise.all([first.close(), second.close()]);
  });
});
