import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { until } from '../support/until.ts';
import { generate, type OpenLoad, type Pacing, type StreamResult } from './open-loop.ts';
import { createPacing, dues } from './pacer.ts';

const RIGHT = '{"data":{"a":1}}';

/** A real server; `answering` gets each request when its body is there. */
async function withServer(
  answering: (response: ServerResponse) => void,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => request.resume().on('end', () => answering(response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const loadOf = (url: string, more: Partial<OpenLoad> = {}): OpenLoad => ({
  url,
  seconds: 1,
  connections: 1,
  maxUnderWay: 100,
  streams: [{ name: 'hot', rate: 100, queries: ['{ a }'], expected: [RIGHT] }],
  ...more,
});

describe('the open-loop generator', () => {
  it('times each request from the instant it was due, so that a stall shows in all that were due in it', async () => {
    let clock = 0;
    let waiting: ServerResponse | undefined;
    const instants = Array.from({ length: 20 }, (_, index) => index * 10);
    await withServer(
      (response) => {
        // The first request meets the stall; the others wait behind it for the one connection.
        if (clock === 0) waiting = response;
        else response.end(RIGHT);
      },
      async (url) => {
        const pacing: Pacing = {
          now: () => clock,
          run: async (_, onDue) => {
            for (const due of instants) onDue(0, due);
            await until(() => waiting !== undefined);
          },
        };
        const running = generate(loadOf(url), pacing);
        await until(() => waiting !== undefined);
        clock = 300;
        waiting?.end(RIGHT);
        const [result] = await running;
        // Due at 0, 10, … 190 and all answered at 300. Timed from when they could be sent, 19 of the 20 would take 0.
        expect(result).toMatchObject({ count: 20, max: 300, p50: 200, p90: 280, failures: 0, wrong: 0 });
      },
    );
  });

  it('compares every answer, and counts those that fail', async () => {
    let number = 0;
    const answers = [
      [200, RIGHT],
      [200, '{"data":{"a":2}}'],
      [500, RIGHT],
      [200, '{"data":null,"errors":[{"message":"no"}]}'],
    ] as const;
    await withServer(
      (response) => {
        const [status, body] = answers[number++ % answers.length] ?? answers[0];
        response.writeHead(status).end(body);
      },
      async (url) => {
        const [result] = await generate(loadOf(url), pacingOf(8));
        expect(result).toMatchObject({ count: 8, failures: 2, wrong: 4 });
      },
    );
  });

  it('takes an answer that is one of several expected ones, counts each, and takes no mixture', async () => {
    const [old, next] = ['{"data":{"a":1,"b":1}}', '{"data":{"a":2,"b":2}}'] as const;
    const answers = [old, next, old, '{"data":{"a":1,"b":2}}'];
    let number = 0;
    await withServer(
      (response) => response.end(answers[number++ % answers.length]),
      async (url) => {
        const streams = [{ name: 'hot', rate: 100, queries: ['{ a b }'], expected: [old, next] }];
        const [result] = await generate(loadOf(url, { streams }), pacingOf(8));
        expect(result).toMatchObject({ count: 8, failures: 0, wrong: 2, seen: [4, 2] });
      },
    );
  });

  it('without an expected answer wants data and no errors', async () => {
    const streams = [{ name: 'cold', rate: 100, queries: ['{ a }', '{ b }'] }];
    await withServer(
      (response) => response.end('{"data":{"a":1},"errors":[{"message":"half"}]}'),
      async (url) => {
        const [result] = await generate(loadOf(url, { streams }), pacingOf(2));
        expect(result).toMatchObject({ count: 2, wrong: 2 });
      },
    );
  });

  it('counts what is due beyond its bound as failed, and sends each operation of a one-time stream once', async () => {
    const streams = [{ name: 'cold', rate: 100, queries: ['{ a }', '{ b }', '{ c }'], isOnce: true }];
    await withServer(
      (response) => response.end(RIGHT),
      async (url) => {
        const [few] = await generate(loadOf(url, { streams }), pacingOf(10));
        expect(few?.count).toBe(3);
        const [bounded] = await generate(loadOf(url, { maxUnderWay: 2 }), pacingOf(10));
        expect(bounded).toMatchObject({ count: 2, failures: 8 });
      },
    );
  });

  it('asks at another path, with GET and without a body, where a stream says so', async () => {
    const asked: unknown[] = [];
    const streams = [
      { name: 'route', rate: 100, queries: [''], path: '/api/me?a=1', method: 'GET', expected: [RIGHT] } as const,
    ];
    await withServer(
      (response) => {
        const { method, url, headers } = response.req;
        asked.push([method, url, headers['content-length']]);
        response.end(RIGHT);
      },
      async (url) => {
        const [result] = await generate(loadOf(url, { streams }), pacingOf(2));
        expect(result).toMatchObject({ count: 2, failures: 0, wrong: 0 });
      },
    );
    expect(asked).toEqual(Array(2).fill(['GET', '/api/me?a=1', undefined]));
  });

  it('tells what was said where an answer failed, in GraphQL, by a route or in no form', async () => {
    let number = 0;
    const answers = [
      '{"errors":[{"extensions":{"code":"OVERLOADED"}}]}',
      '{"error":{"code":"RATE_LIMITED"}}',
      '<html>',
    ];
    await withServer(
      (response) => response.writeHead(503).end(answers[number++ % answers.length]),
      async (url) => {
        const [result] = await generate(loadOf(url), pacingOf(3));
        expect(result).toMatchObject({ failures: 3, said: { '503 OVERLOADED': 1, '503 RATE_LIMITED': 1, '503': 1 } });
      },
    );
  });

  it('counts what is said of those who mean harm, whatever that is', async () => {
    let number = 0;
    const answers = [
      [200, '{"errors":[{"message":"no","extensions":{"code":"OPERATION_LIMIT_EXCEEDED"}}]}'],
      [413, '{"errors":[{"message":"no","extensions":{"code":"BODY_TOO_LARGE"}}]}'],
      [200, RIGHT],
    ] as const;
    const streams = [{ name: 'harm', rate: 100, queries: [], bodies: ['[', '{'], isHostile: true }];
    await withServer(
      (response) => {
        const [status, body] = answers[number++ % answers.length] ?? answers[0];
        response.writeHead(status).end(body);
      },
      async (url) => {
        const [result] = await generate(loadOf(url, { streams }), pacingOf(6));
        const said = { '200 OPERATION_LIMIT_EXCEEDED': 2, '413 BODY_TOO_LARGE': 2, '200': 2 };
        expect(result).toMatchObject({ count: 6, failures: 0, wrong: 0, said });
      },
    );
  });

  it('says of those who mean harm what became of a connection that was closed on them', async () => {
    const streams = [{ name: 'harm', rate: 100, queries: ['{ a }'], isHostile: true }];
    await withServer(
      (response) => response.destroy(),
      async (url) => {
        const [result] = await generate(loadOf(url, { streams }), pacingOf(2));
        expect(result).toMatchObject({ failures: 0, said: { ECONNRESET: 2 } });
      },
    );
  });

  it('brings tokens by turns, and headers with each request', async () => {
    const seen: unknown[] = [];
    const streams = [
      { name: 'people', rate: 100, queries: ['{ a }'], tokens: ['one', 'two'], headers: { 'x-forwarded-for': 'me' } },
    ];
    await withServer(
      (response) => {
        const { authorization, 'x-forwarded-for': address } = response.req.headers;
        seen.push([authorization, address]);
        response.end(RIGHT);
      },
      async (url) => void (await generate(loadOf(url, { streams }), pacingOf(3))),
    );
    expect(seen).toEqual([
      ['Bearer one', 'me'],
      ['Bearer two', 'me'],
      ['Bearer one', 'me'],
    ]);
  });

  it('counts no time of what is due while it warms up', async () => {
    await withServer(
      (response) => response.end(RIGHT),
      async (url) => {
        const [result]: readonly StreamResult[] = await generate(loadOf(url, { warmUpSeconds: 1 }), pacingOf(10, 200));
        expect(result).toMatchObject({ count: 5, failures: 0 });
      },
    );
  });
});

describe('the pacer', () => {
  it('keeps the rate of each stream', () => {
    const all = [...dues([100, 10], 1)];
    expect(all.filter(({ stream }) => stream === 0)).toHaveLength(100);
    expect(all.filter(({ stream }) => stream === 1)).toHaveLength(10);
    expect(all.map(({ due }) => due)).toEqual(all.map(({ due }) => due).sort((a, b) => a - b));
  });

  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    let count = 0;
    await createPacing().run(
      loadOf('http://127.0.0.1:1', { seconds: 3_600 }),
      () => {
        if (++count === 3) stop.abort();
      },
      stop.signal,
    );
    expect(count).toBeGreaterThanOrEqual(3);
  });

  it('never calls before a request is due', async () => {
    const pacing = createPacing();
    const early: number[] = [];
    let count = 0;
    await pacing.run(loadOf('http://127.0.0.1:1', { seconds: 0.2 }), (_, due) => {
      count++;
      if (pacing.now() < due) early.push(due);
    });
    expect(count).toBe(20);
    expect(early).toEqual([]);
  });
});

/** All due at once, each `apart` milliseconds after the one before it. */
const pacingOf = (count: number, apart = 0): Pacing => ({
  now: () => 0,
  run: async (_, onDue) => {
    for (let index = 0; index < count; index++) onDue(0, index * apart);
  },
});
