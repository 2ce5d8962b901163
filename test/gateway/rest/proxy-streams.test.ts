import { once } from 'node:events';
import { type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { startProxied } from './proxied.ts';

const CHUNK = Buffer.alloc(65_536, 'a');
/** More than may be held, with what is garbage already, and soon passed on busy machines. */
const LARGE = 268_435_456;

/** A body of some bytes, made while it is read. @param onChunk told how many there were */
function bodyOf(bytes: number, onChunk: (sent: number) => void = () => {}): Readable {
  let sent = 0;
  return new Readable({
    read() {
      if (sent >= bytes) return void this.push(null);
      sent += CHUNK.length;
      onChunk(sent);
      this.push(CHUNK);
    },
  });
}

/** Reads to the end. @returns the bytes that came */
async function drain(stream: Readable): Promise<number> {
  let bytes = 0;
  const sink = new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(stream, sink);
  return bytes;
}

/** The most memory outside of the heap that this process, and so the gateway in it, has while something goes on. In bytes. */
async function mostMemory(work: Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 10);
  await work.finally(() => clearInterval(look));
  return most;
}

const services = {
  rest: async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST') response.end(String(await drain(request)));
    else await pipeline(bodyOf(LARGE), response).catch(() => undefined);
  },
};
const ROUTES = { all: { path: '/a', upstream: 'rest' } };

describe('bodies', () => {
  it('that are large go either way without being held', async () => {
    const proxied = await startProxied({ routes: ROUTES, services });
    try {
      const down = async () => {
        const asked = requestOf(`${proxied.url}/a`).end();
        const [response] = (await once(asked, 'response')) as [IncomingMessage];
        expect(await drain(response)).toBe(LARGE);
      };
      const up = async () => {
        const asked = requestOf(`${proxied.url}/a`, { method: 'POST' });
        const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
        await pipeline(bodyOf(LARGE), asked);
        const [response] = await answered;
        expect(String(await response.toArray())).toBe(String(LARGE));
      };
      expect(await mostMemory(down())).toBeLessThan(200_000_000);
      expect(await mostMemory(up())).toBeLessThan(200_000_000);
    } finally {
      await proxied.close();
    }
  });

  it('wait for who does not read', async () => {
    let made = 0;
    const { promise: stuck, resolve: stick } = Promise.withResolvers<void>();
    const stalling = {
      rest: (_request: unknown, response: ServerResponse) => {
        const body = bodyOf(LARGE, (sent) => {
          made = sent;
        });
        // Told each time that it must wait; then nothing more is made until somebody reads.
        body.on('pause', () => setImmediate(stick));
        pipeline(body, response).catch(() => undefined);
      },
    };
    const proxied = await startProxied({ routes: ROUTES, services: stalling });
    try {
      const asked = requestOf(`${proxied.url}/a`).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.pause();
      await stuck;
      let before = -1;
      // Buffers on the way fill up, those of the kernel too, and then it stands still.
      while (before !== made) {
        before = made;
        for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(made).toBeLessThan(200_000_000);
      response.destroy();
    } finally {
      await proxied.close();
    }
  });
});
