import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { readStoredOperations } from '../../../gateway/rest/read-operations.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const SDL = `
  type Query {
    thing(id: ID!): Thing
    things(kinds: [Kind!], first: Int = 10, max: Float, isNew: Boolean, where: Where): [Thing!]!
    secret: String @authenticated
    broken: String
  }
  type Mutation { rename(id: ID!, name: String!): Thing }
  "A thing."
  type Thing @key(fields: "id") { id: ID!, name: String, kind: Kind!, big: Big, next: Thing }
  enum Kind { SMALL LARGE }
  input Where { name: String!, and: Where }
  scalar Big
`;

const FILES: Readonly<Record<string, string>> = {
  'thing.graphql':
    '# One thing.\nquery Thing($id: ID!) @rest(method: GET, path: "/things/{id}", result: "thing") { thing(id: $id) { ...Parts next { id } } }\nfragment Parts on Thing { id name kind big }',
  'things.graphql': `query Things($kinds: [Kind!], $first: Int, $max: Float, $isNew: Boolean, $where: Where)
    @rest(method: GET, path: "/things", result: "things") {
    things(kinds: $kinds, first: $first, max: $max, isNew: $isNew, where: $where) { id name }
  }`,
  'all.graphql': 'query All @rest(method: GET, path: "/all") { things { id } broken }',
  'secret.graphql': 'query Secret @rest(method: GET, path: "/secret", result: "secret") { secret }',
  'own.graphql': 'query Own @rest(method: GET, path: "/own", authenticated: true) { things { id } }',
  'deep/rename.graphql':
    'mutation Rename($id: ID!, $name: String!) @rest(method: PUT, path: "/things/{id}/name", result: "rename", status: 202) { rename(id: $id, name: $name) { id name } }',
  'unfit.graphql': 'query Unfit @rest(method: GET, path: "/unfit") { nothing }',
};

function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-routes-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('routes that operations answer', () => {
  const stack = new ClosingStack();
  let gateway: TestGateway;
  let subgraph: ControlledSubgraph;
  let folder: string;

  beforeAll(async () => {
    folder = writeFiles(FILES);
    subgraph = stack.add(
      'things',
      await startControlledSubgraph({
        name: 'things',
        sdl: SDL,
        resolvers: {
          Query: {
            thing: (_: unknown, { id }: { id: string }) =>
              id === 'none' ? null : { id, name: `name of ${id}`, kind: 'SMALL', next: null, big: 1 },
            things: (_: unknown, given: unknown) => [{ id: 'all', name: JSON.stringify(given) }],
            broken: () => {
              throw new Error('out of order');
            },
          },
          Mutation: { rename: (_: unknown, thing: unknown) => thing },
        },
      }),
    );
    subgraph.control = 'max-age=60, public';
    gateway = stack.add(
      'gateway',
      await startTestGateway([subgraph.schema], {
        GATEWAY_REST_OPERATIONS: folder,
        GATEWAY_REST_TITLE: 'Things & more',
      }),
    );
  });
  afterAll(async () => {
    await stack.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${gateway.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };

  it('take their variables from the path, and give what stands at their result', async () => {
    expect(await ask('/things/a%2Fb%20%C3%A4')).toMatchObject({
      status: 200,
      body: { id: 'a/b ä', name: 'name of a/b ä', kind: 'SMALL', next: null, big: 1 },
    });
  });

  it('take typed variables from the query string, lists and objects among them', async () => {
    const { body } = await ask(
      `/things?kinds=SMALL&kinds=LARGE&first=3&max=1.5e2&isNew=false&where=${encodeURIComponent('{"name":"x","and":{"name":"y"}}')}`,
    );
    expect(JSON.parse(body[0].name)).toEqual({
      kinds: ['SMALL', 'LARGE'],
      first: 3,
      max: 150,
      isNew: false,
      where: { name: 'x', and: { name: 'y' } },
    });
    expect(JSON.parse((await ask('/things')).body[0].name)).toEqual({ first: 10 });
  });

  it('write with a body, and answer with their status', async () => {
    const put = (body: string, type = 'application/json') =>
      ask('/things/7/name', { method: 'PUT', body, headers: { 'content-type': type } });
    expect(await put('{"name":"new"}')).toMatchObject({ status: 202, body: { id: '7', name: 'new' } });
    expect(await put('{"name":"new","other":1}')).toMatchObject({ status: 400 });
    expect(await put('[]')).toMatchObject({ status: 400 });
    expect(await put('{')).toMatchObject({ status: 400 });
    expect(await put('name=new', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
    expect(await put('{}')).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  it.each<[string, number, string]>([
    ['/things?first=three', 400, 'BAD_USER_INPUT'],
    ['/things?first=1&first=2', 400, 'BAD_USER_INPUT'],
    ['/things?first=1.5', 400, 'BAD_USER_INPUT'],
    ['/things?isNew=yes', 400, 'BAD_USER_INPUT'],
    ['/things?kinds=MEDIUM', 400, 'BAD_USER_INPUT'],
    ['/things?where=x', 400, 'BAD_USER_INPUT'],
    ['/things?unknown=1', 400, 'BAD_USER_INPUT'],
    ['/things/1?id=2', 400, 'BAD_USER_INPUT'],
    ['/things/none', 404, 'NOT_FOUND'],
    ['/secret', 401, 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ['/own', 401, 'UNAUTHENTICATED'],
    ['/all', 502, 'SUBGRAPH_ERROR'],
    ['/unfit', 502, 'GRAPHQL_VALIDATION_FAILED'],
    ['/nowhere', 404, 'NOT_FOUND'],
  ])('answer %s with %i and %s', async (path, status, code) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status, body: { errors: [{ extensions: { code } }] } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('are kept by the cache, and answer 304 to who has it', async () => {
    const first = await ask('/things/kept');
    const calls = subgraph.calls.length;
    const second = await ask('/things/kept');
    expect(subgraph.calls.length).toBe(calls);
    expect(second.headers.get('cache-status')).toContain('hit');
    expect(first.headers.get('cache-control')).toMatch(/^max-age=\d+, public/);
    const etag = second.headers.get('etag') ?? '';
    expect(await ask('/things/kept', { headers: { 'if-none-match': '*' } })).toMatchObject({ status: 304 });
    expect(await ask('/things/kept', { headers: { 'if-none-match': `"x", W/${etag}` } })).toMatchObject({
      status: 304,
      body: undefined,
    });
  });

  it('are described by a valid OpenAPI document', async () => {
    const { body } = await ask('/openapi.json');
    expect(await new Validator().validate(structuredClone(body))).toMatchObject({ valid: true });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual([
      '/all',
      '/things/{id}/name',
      '/own',
      '/secret',
      '/things/{id}',
      '/things',
      '/unfit',
    ]);
    const thing = body.paths['/things/{id}'].get;
    expect(thing).toMatchObject({
      operationId: 'Thing',
      summary: 'One thing.',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    });
    expect(thing.responses['200'].content['application/json'].schema).toMatchObject({
      type: 'object',
      properties: {
        id: { type: 'string' },
        name: { type: ['string', 'null'] },
        kind: { $ref: '#/components/schemas/Kind' },
        next: { type: ['object', 'null'], properties: { id: { type: 'string' } }, required: ['id'] },
      },
      required: ['id', 'name', 'kind', 'big', 'next'],
    });
    expect(body.components.schemas).toMatchObject({
      Kind: { type: 'string', enum: ['SMALL', 'LARGE'] },
      Where: { required: ['name'], properties: { and: { $ref: '#/components/schemas/Where' } } },
    });
    expect(body.paths['/things/{id}/name'].put.requestBody.content['application/json'].schema).toEqual({
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    });
  });

  it('tell caches between that an answer depends on the origin, where it does, and let other origins use their methods', async () => {
    const origin = 'https://shop.example';
    const shared = stack.add(
      'shared gateway',
      await startTestGateway([subgraph.schema], {
        GATEWAY_REST_OPERATIONS: folder,
        GATEWAY_HTTP_CORS_ORIGINS: `${origin},https://b.example`,
      }),
    );
    const answer = await fetch(`${shared.url}/things/kept`, { headers: { origin } });
    expect(answer.headers.get('vary')?.toLowerCase()).toMatch(/origin.*accept/);
    const preflight = await fetch(`${shared.url}/things/7/name`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    expect((await fetch(`${shared.url}/things/${'x'.repeat(300)}`)).status).toBe(200);
  });

  it('are listed on a page, of which nothing is markup that should be text', async () => {
    const page = await (await fetch(`${gateway.url}/openapi`)).text();
    expect(page).toContain('<h1>Things &amp; more</h1>');
    for (const path of ['/things/{id}', '/all']) expect(page).toContain(`GET ${path}</h2>`);
  });
});

describe('a folder of operations', () => {
  it.each<[string, string, RegExp]>([
    ['does not parse', 'query {', /a\.graphql: line 1, column \d+: Syntax Error/],
    ['has no name', 'query @rest(method: GET, path: "/a") { a }', /must have a name/],
    ['has no directive', 'query A { a }', /must say where it is served/],
    ['has two operations', 'query A @rest(method: GET, path: "/a") { a } query B { a }', /there are 2/],
    ['writes by GET', 'mutation A @rest(method: GET, path: "/a") { a }', /a GET only reads/],
    ['subscribes', 'subscription A @rest(method: GET, path: "/a") { a }', /no route/],
    ['has an unknown method', 'query A @rest(method: LOOK, path: "/a") { a }', /method must be one of GET/],
    ['has no path', 'query A @rest(method: GET) { a }', /path is missing/],
    ['has a bad path', 'query A @rest(method: GET, path: "a/:b") { a }', /must be such as "\/users\/\{id\}"/],
    ['has an unknown variable in its path', 'query A @rest(method: GET, path: "/{b}") { a }', /no variable \$b/],
    ['has an unknown argument', 'query A @rest(method: GET, path: "/a", at: "b") { a }', /no argument at/],
    ['has a bad status', 'query A @rest(method: GET, path: "/a", status: 404) { a }', /status must be/],
  ])('is refused when a file %s', (_, text, message) => {
    const folder = writeFiles({ 'a.graphql': text });
    expect(() => readStoredOperations(folder)).toThrow(message);
    rmSync(folder, { recursive: true });
  });

  it('is refused when two are at one place, or when it cannot be read, with all that is wrong', () => {
    const folder = writeFiles({
      'a.graphql': 'query A($a: ID!) @rest(method: GET, path: "/{a}") { a }',
      'b.graphql': 'query B($b: ID!) @rest(method: GET, path: "/{b}") { a }',
      'c.graphql': 'query C { a }',
    });
    expect(() => readStoredOperations(folder)).toThrow(/c\.graphql: [\s\S]*B and A are both at GET/);
    rmSync(folder, { recursive: true });
    expect(() => readStoredOperations(folder)).toThrow(/rest\.operations: the folder .* cannot be read: ENOENT/);
  });
});
