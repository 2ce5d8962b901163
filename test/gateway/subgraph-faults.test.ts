import type { RequestListener, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
const SOUND = `${LINK} type Query { me: User } type User @key(fields: "id") { id: ID! name: String! }`;
const FAULTY = `${LINK} type User @key(fields: "id") { id: ID! orders: [Order!] } type Order @key(fields: "id") { id: ID! total: String! }`;
const QUERY = '{ me { name orders { id total } } }';

const answerWith = (status: number, type: string, text: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': type });
  response.end(text);
};

interface Fault {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  readonly code: string;
}

const JSON_TYPE = 'application/json';
const FAULTS: readonly Fault[] = [
  { name: 'HTML', answer: answerWith(200, 'text/html', '<h1>It works!</h1>'), code: 'SUBGRAPH_INVALID_RESPONSE' },
  { name: 'half a JSON', answer: answerWith(200, JSON_TYPE, '{"data": {"_entit'), code: 'SUBGRAPH_INVALID_RESPONSE' },
  { name: 'a JSON list', answer: answerWith(200, JSON_TYPE, '[]'), code: 'SUBGRAPH_INVALID_RESPONSE' },
  { name: 'an empty object', answer: answerWith(200, JSON_TYPE, '{}'), code: 'SUBGRAPH_INVALID_RESPONSE' },
  {
    name: 'data that is a string',
    answer: answerWith(200, JSON_TYPE, '{"data": "no"}'),
    code: 'SUBGRAPH_INVALID_RESPONSE',
  },
  { name: 'no entities', answer: answerWith(200, JSON_TYPE, '{"data": {}}'), code: 'SUBGRAPH_INVALID_RESPONSE' },
  {
    name: 'too many entities',
    answer: answerWith(200, JSON_TYPE, '{"data": {"_entities": [{}, {}]}}'),
    code: 'SUBGRAPH_INVALID_RESPONSE',
  },
  { name: 'nothing', answer: answerWith(200, JSON_TYPE, ''), code: 'SUBGRAPH_INVALID_RESPONSE' },
  { name: 'status 500', answer: answerWith(500, 'text/plain', 'out of order'), code: 'SUBGRAPH_HTTP_ERROR' },
  { name: 'a redirect', answer: answerWith(302, 'text/plain', ''), code: 'SUBGRAPH_INVALID_RESPONSE' },
  {
    name: 'a GraphQL error with status 503',
    answer: answerWith(503, JSON_TYPE, '{"errors": [{"message": "later", "extensions": {"code": "BUSY"}}]}'),
    code: 'BUSY',
  },
  {
    name: 'an error without a code',
    answer: answerWith(200, JSON_TYPE, '{"data": null, "errors": [{"message": "oh"}]}'),
    code: 'SUBGRAPH_ERROR',
  },
  {
    name: 'errors that are no errors',
    answer: answerWith(200, JSON_TYPE, '{"data": null, "errors": [17]}'),
    code: 'SUBGRAPH_ERROR',
  },
  { name: 'never', answer: () => undefined, code: 'SUBGRAPH_TIMEOUT' },
  {
    name: 'a body that never ends',
    answer: (response) => void response.writeHead(200, { 'content-type': JSON_TYPE }).write('{'),
    code: 'SUBGRAPH_TIMEOUT',
  },
  { name: 'a reset', answer: (response) => void response.destroy(), code: 'SUBGRAPH_UNREACHABLE' },
  {
    name: 'a reset in the body',
    answer: (response) => void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
    code: 'SUBGRAPH_UNREACHABLE',
  },
  {
    name: 'more bytes than allowed',
    answer: answerWith(200, JSON_TYPE, `{"data": "${'x'.repeat(200_000)}"}`),
    code: 'SUBGRAPH_RESPONSE_TOO_LARGE',
  },
];

describe('a subgraph that answers wrongly costs its own fields, and nothing else', () => {
  let sound: RawServer;
  let faulty: RawServer;
  let gateway: TestGateway;
  /** The same, for what never ends by itself. */
  let hasty: TestGateway;
  let misbehave: (response: ServerResponse) => void = () => undefined;

  beforeAll(async () => {
    const onceRead =
      (answer: (response: ServerResponse) => void): RequestListener =>
      (request, response) => {
        request.resume().on('end', () => answer(response));
      };
    sound = await startRawServer(
      onceRead(answerWith(200, JSON_TYPE, '{"data": {"me": {"__typename": "User", "id": "1", "name": "Ada"}}}')),
    );
    faulty = await startRawServer(onceRead((response) => misbehave(response)));
    const subgraphs = [
      { name: 'users', url: sound.url, sdl: SOUND },
      { name: 'orders', url: faulty.url, sdl: FAULTY },
    ];
    gateway = await startTestGateway(subgraphs, { GATEWAY_UPSTREAM_DEFAULTS_RESPONSE_LIMIT_BYTES: '100000' });
    hasty = await startTestGateway(subgraphs, { GATEWAY_UPSTREAM_ORDERS_TIMEOUT_MS: '300' });
  });

  afterEach(() => {
    misbehave = () => undefined;
  });

  afterAll(async () => {
    await Promise.all([gateway.close(), hasty.close()]);
    await Promise.all([sound.close(), faulty.close()]);
  });

  it.each(FAULTS)('$name: $code', async ({ answer, code }) => {
    misbehave = answer;
    const { status, body } = await (code === 'SUBGRAPH_TIMEOUT' ? hasty : gateway).query(QUERY);
    expect(status).toBe(200);
    expect(body.data).toEqual({ me: { name: 'Ada', orders: null } });
    expect(
      body.errors?.map(({ path, extensions }) => ({ path, code: extensions.code, subgraph: extensions.subgraph })),
    ).toEqual([
      {
        path: code.startsWith('SUBGRAPH_') && code !== 'SUBGRAPH_ERROR' ? ['me', 'orders'] : ['me'],
        code,
        subgraph: 'orders',
      },
    ]);
  });

  it('is asked again for the next request, and answers when it is well', async () => {
    misbehave = answerWith(500, 'text/plain', '');
    await gateway.query(QUERY);
    misbehave = answerWith(200, JSON_TYPE, '{"data": {"_entities": [{"orders": [{"id": "7", "total": "1.00"}]}]}}');
    expect((await gateway.query(QUERY)).body).toEqual({
      data: { me: { name: 'Ada', orders: [{ id: '7', total: '1.00' }] } },
    });
  });

  it('does not pass on what a subgraph says of its insides', async () => {
    misbehave = answerWith(
      200,
      JSON_TYPE,
      '{"data": null, "errors": [{"message": "oh", "extensions": {"code": "X", "stacktrace": ["at secret.js"], "kept": 1}}]}',
    );
    const { body } = await gateway.query(QUERY);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'X', kept: 1, subgraph: 'orders' });
  });
});

describe('a subgraph that is not there', () => {
  it('is named, and the rest of the answer comes', async () => {
    const sound = await startRawServer((_request, response) =>
      answerWith(200, JSON_TYPE, '{"data": {"me": {"__typename": "User", "id": "1", "name": "Ada"}}}')(response),
    );
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const gateway = await startTestGateway([
      { name: 'users', url: sound.url, sdl: SOUND },
      { name: 'orders', url: gone.url, sdl: FAULTY },
    ]);
    const { body } = await gateway.query(QUERY);
    expect(body).toEqual({
      data: { me: { name: 'Ada', orders: null } },
      errors: [
        {
          message: 'Subgraph "orders" cannot be reached.',
          path: ['me', 'orders'],
          extensions: { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'orders' },
        },
      ],
    });
    await gateway.close();
    await sound.close();
  });
});
