import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SubgraphFault, subgraphFaults } from '../../gateway/errors.ts';
import { ClosingStack } from '../../service/run.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const GOOD = '{"data":{"name":"right"}}';
const head = (status: string, length: number, type = 'application/json') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;
const whole = (status: string, body: string, type?: string) => head(status, body.length, type) + body;

/** What a server can do wrong, and what clients are told of it. */
const FAULTS: readonly (readonly [what: string, behave: (socket: Socket) => void, code: string])[] = [
  ['resets the connection', (socket) => socket.resetAndDestroy(), 'SUBGRAPH_UNREACHABLE'],
  ['closes the connection without an answer', (socket) => socket.end(), 'SUBGRAPH_UNREACHABLE'],
  ['says nothing', () => undefined, 'SUBGRAPH_TIMEOUT'],
  ['stops within the headers', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-ty'), 'SUBGRAPH_TIMEOUT'],
  ['stops within the body', (socket) => socket.write(head('200 OK', 500) + GOOD), 'SUBGRAPH_TIMEOUT'],
  ['closes the connection within the body', (socket) => socket.end(head('200 OK', 500) + GOOD), 'SUBGRAPH_UNREACHABLE'],
  ['fails', (socket) => socket.write(whole('500 Internal Server Error', 'oh no')), 'SUBGRAPH_HTTP_ERROR'],
  ['is away behind a proxy', (socket) => socket.write(whole('502 Bad Gateway', '<html>')), 'SUBGRAPH_HTTP_ERROR'],
  [
    'answers with a page',
    (socket) => socket.write(whole('200 OK', '<html></html>', 'text/html')),
    'SUBGRAPH_INVALID_RESPONSE',
  ],
  ['says a length that is too short', (socket) => socket.write(head('200 OK', 5) + GOOD), 'SUBGRAPH_INVALID_RESPONSE'],
  ['answers something that is no HTTP', (socket) => socket.write('what?\r\n\r\n'), 'SUBGRAPH_UNREACHABLE'],
  [
    'answers without an end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(`8000\r\n${'x'.repeat(0x8000)}\r\n`));
      };
      socket.on('drain', more);
      more();
    },
    'SUBGRAPH_RESPONSE_TOO_LARGE',
  ],
  [
    'has headers without an end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(`x: ${'x'.repeat(0x8000)}\r\n`));
      };
      socket.on('drain', more);
      more();
    },
    'SUBGRAPH_UNREACHABLE',
  ],
  [
    'sends to itself for ever',
    (socket) => socket.write('HTTP/1.1 307 Temporary Redirect\r\nlocation: /graphql\r\ncontent-length: 0\r\n\r\n'),
    'SUBGRAPH_INVALID_RESPONSE',
  ],
];

describe('a subgraph that', () => {
  const stack = new ClosingStack();
  const sockets = new Set<Socket>();
  let server: Server;
  /** It waits for longer than any fault but silence takes, however busy the machine is. */
  let patient: TestGateway;
  let hasty: TestGateway;
  let behave: (socket: Socket) => void;

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      socket.on('data', () => behave(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const good = await startGood(stack);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const subgraphs = [
      { name: 'bad', url, sdl: 'type Query { name: String }' },
      { name: 'good', url: good, sdl: 'type Query { other: String }' },
    ];
    const options = {
      GATEWAY_UPSTREAM_DEFAULTS_RESPONSE_LIMIT_BYTES: '1000000',
      GATEWAY_UPSTREAM_DEFAULTS_BREAKER_OPEN_MS: '20',
      GATEWAY_UPSTREAM_DEFAULTS_BREAKER_MAX_OPEN_MS: '20',
    };
    patient = stack.add('patient gateway', await startTestGateway(subgraphs, options));
    hasty = stack.add(
      'hasty gateway',
      await startTestGateway(subgraphs, { ...options, GATEWAY_UPSTREAM_BAD_TIMEOUT_MS: '700' }),
    );
  });
  afterAll(async () => {
    await stack.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    for (const socket of sockets) socket.destroy();
  });

  it.each(FAULTS)('%s is told of beside what others answer, and asked again', async (_, fault, code) => {
    behave = fault;
    const gateway = code === 'SUBGRAPH_TIMEOUT' ? hasty : patient;
    const begun = performance.now();
    const { body, status } = await gateway.query('{ name other }');
    // Far less than a client would wait, however busy the machine.
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect({ status, data: body.data }).toEqual({ status: 200, data: { name: null, other: 'other' } });
    expect(body.errors).toEqual([
      { message: expect.stringContaining('"bad"'), path: ['name'], extensions: expect.objectContaining({ code }) },
    ]);
    behave = (socket) => void socket.write(whole('200 OK', GOOD));
    await until(async () => (await gateway.query('{ name }')).body.data?.name === 'right');
  });

  it('says nothing is waited for no longer than a client says that it waits', async () => {
    behave = () => undefined;
    const causes: string[] = [];
    const hear = (published: unknown) => void causes.push(String((published as SubgraphFault).cause));
    subgraphFaults.subscribe(hear);
    const headers = { 'x-timeout-ms': '50' };
    const { body } = await hasty.query('{ name other }', { headers });
    expect(body.data).toEqual({ name: null, other: 'other' });
    expect(body.errors?.[0]).toMatchObject({ path: ['name'], extensions: { code: 'SUBGRAPH_TIMEOUT' } });
    subgraphFaults.unsubscribe(hear);
    expect(Number(/(\d+) ms/.exec(causes[0] ?? '')?.[1])).toBeLessThanOrEqual(50);
  });
});

async function startGood(stack: ClosingStack): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(whole('200 OK', '{"data":{"other":"other"}}')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.add('good subgraph', {
    close: async () => {
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
