import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { watchClient } from '../../../gateway/rest/proxy-client.ts';
import { createWorkClock } from '../../../gateway/upstream/work-clock.ts';
import { connectTo } from '../../support/raw-request.ts';

describe('a client that stalls', () => {
  it('in the middle of its body is told that its time is up', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const socket = await connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    socket.write('POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc');
    const [request, response] = await asked;
    request.resume();
    const client = watchClient(request, response, 20);
    await once(client.signal, 'abort');
    expect(client.reason()).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the time of an upstream', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('runs only while it has something to do, and begins again with each piece', () => {
    jest.useFakeTimers();
    let isUp = false;
    const clock = createWorkClock(100, () => {
      isUp = true;
    });
    clock.start();
    clock.stop();
    jest.advanceTimersByTime(1_000);
    clock.start();
    jest.advanceTimersByTime(99);
    clock.start();
    jest.advanceTimersByTime(99);
    expect(isUp).toBe(false);
    jest.advanceTimersByTime(1);
    expect(isUp).toBe(true);
    clock.close();
  });
});
